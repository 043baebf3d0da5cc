namespace EdgeAI.Generation;

/// <summary>Rows of the key-value cache in host memory, and the tokens that they were computed from.</summary>
internal sealed class PrefixEntry(int[] tokens, DeviceBuffer rows, bool isPinned) : IDisposable
{
    private volatile bool _isOnDisk;

    public ReadOnlySpan<int> Tokens => tokens;

    public ReadOnlyMemory<int> TokenMemory => tokens;

    public int Count => tokens.Length;

    public DeviceBuffer Rows => rows;

    /// <summary>Whether it stays whatever else needs the memory.</summary>
    public bool IsPinned => isPinned;

    /// <summary>Whether a file holds it.</summary>
    public bool IsOnDisk
    {
        get => _isOnDisk;
        set => _isOnDisk = value;
    }

    /// <summary>The tokens of earlier entries that it continues, and that need not be kept beside it.</summary>
    public IReadOnlyList<ReadOnlyMemory<int>> Superseded { get; set; } = [];

    /// <summary>When it was last used, in steps.</summary>
    public long LastUsed { get; set; }

    public void Dispose() => rows.Dispose();
}
