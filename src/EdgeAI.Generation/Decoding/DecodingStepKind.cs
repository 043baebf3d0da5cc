namespace EdgeAI.Generation;

/// <summary>Sorts of steps.</summary>
internal enum DecodingStepKind
{
    /// <summary>There is nothing to do.</summary>
    None,

    /// <summary>A part of one sequence's prompt, or of the tokens that its constraint forced.</summary>
    Prefill,

    /// <summary>One token of every sequence that has its prompt.</summary>
    Decode,
}
