namespace EdgeAI.Generation;

/// <summary>A deterministic state while the automaton is built.</summary>
internal sealed class BuiltState
{
    /// <summary>In ascending order, without overlap.</summary>
    public List<ByteEdge> Edges { get; } = [];

    public List<(int Rule, int Return)> Calls { get; } = [];

    public bool Accepts { get; set; }

    /// <summary>Whether a character of a counted string begins or the string ends here.</summary>
    public bool IsCounted { get; set; }

    /// <summary>The bounds of its rule's count; -1 for none.</summary>
    public int Counter { get; init; } = -1;
}

/// <summary>Bytes from low to high lead to a state.</summary>
internal readonly record struct ByteEdge(byte Low, byte High, int Target);
