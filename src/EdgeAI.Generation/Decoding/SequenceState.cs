namespace EdgeAI.Generation;

/// <summary>How far a sequence has come.</summary>
internal enum SequenceState
{
    /// <summary>It waits for a slot.</summary>
    Waiting,

    /// <summary>Its prompt is computed, or tokens of its answer that its constraint forced.</summary>
    Prefilling,

    /// <summary>Its answer is computed token by token.</summary>
    Decoding,

    Ended,
}
