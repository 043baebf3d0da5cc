namespace EdgeAI.Generation;

/// <summary>Rows of the key-value cache in host memory, and the tokens that they were computed from.</summary>
internal sealed class PrefixEntry(int[] tokens, DeviceBuffer rows, bool isPinned) : IDisposable
{
    public ReadOnlySpan<int> Tokens => tokens;

    public int Count => tokens.Length;

    public DeviceBuffer Rows => rows;

    /// <summary>Whether it stays whatever else needs the memory.</summary>
    public bool IsPinned => isPinned;

    /// <summary>When it was last used, in steps.</summary>
    public long LastUsed { get; set; }

    public void Dispose() => rows.Dispose();
}
