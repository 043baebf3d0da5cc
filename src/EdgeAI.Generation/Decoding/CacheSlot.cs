namespace EdgeAI.Generation;

/// <summary>What one slot of the key-value cache holds. Rows stay when their sequence has ended, for prompts that begin alike.</summary>
internal sealed class CacheSlot(int index, int capacity)
{
    private readonly int[] _tokens = new int[capacity];

    public int Index => index;

    /// <summary>The sequence that uses it; <see langword="null"/> where it is free.</summary>
    public GenerationSequence? Owner { get; set; }

    /// <summary>Rows that are filled.</summary>
    public int Count { get; private set; }

    /// <summary>The tokens that the filled rows were computed from.</summary>
    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Count);

    /// <summary>When it was last used, in steps.</summary>
    public long LastUsed { get; set; }

    /// <summary>Whether others may use its rows.</summary>
    public bool IsShareable { get; set; } = true;

    /// <summary>Rows were computed behind those that are filled.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        tokens.CopyTo(_tokens.AsSpan(Count));
        Count += tokens.Length;
    }

    public void Append(int token) => _tokens[Count++] = token;

    /// <summary>Forgets rows at the end.</summary>
    public void Truncate(int count) => Count = Math.Min(Count, count);

    /// <summary>Rows were brought in from elsewhere.</summary>
    public void Restore(ReadOnlySpan<int> tokens)
    {
        Count = 0;
        Append(tokens);
    }
}
