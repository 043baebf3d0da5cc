namespace EdgeAI.Generation;

/// <summary>A regular expression's tree. Immutable.</summary>
internal abstract record PatternNode
{
    internal sealed record Characters(CodePointSet Set) : PatternNode;

    internal sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    internal sealed record Choice(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>Any number of times where the maximum is <see langword="null"/>.</summary>
    internal sealed record Repeat(PatternNode Part, int Minimum, int? Maximum) : PatternNode;

    /// <summary>The begin of the text.</summary>
    internal sealed record Begin : PatternNode;

    /// <summary>The end of the text.</summary>
    internal sealed record End : PatternNode;
}
