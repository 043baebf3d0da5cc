namespace EdgeAI.Generation;

/// <summary>Bounds of answers in JSON. Immutable.</summary>
public sealed record JsonGrammarOptions
{
    /// <summary>How many objects and arrays may be open at once, 1 to 512. Default: 64, as deep as System.Text.Json reads by itself.</summary>
    public int MaxDepth { get; init; } = 64;
}
