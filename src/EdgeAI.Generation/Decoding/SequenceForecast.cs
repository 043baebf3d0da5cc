namespace EdgeAI.Generation;

/// <summary>
/// When sequences that wait will have their first token: they get the slots in their order as those become free, prompts are computed one after the other, and an answer takes a step for each token.
/// Pure: times are ticks from now. For one question; not thread-safe.
/// </summary>
/// <param name="pace">How fast it goes.</param>
/// <param name="slots">When each slot is free; changed by <see cref="Add"/>.</param>
/// <param name="promptsDone">When the prompts in progress are computed.</param>
internal sealed class SequenceForecast(DecodingPace pace, double[] slots, double promptsDone)
{
    private double _promptsDone = promptsDone;

    /// <summary>When the next slot is free.</summary>
    public double NextFree => slots.Min();

    /// <summary>Adds the sequence whose turn comes next.</summary>
    /// <param name="promptTokens">Tokens of its prompt that must be computed.</param>
    /// <param name="answerTokens">Tokens of its answer.</param>
    /// <returns>When its first token is there.</returns>
    public double Add(int promptTokens, double answerTokens)
    {
        var slot = Array.IndexOf(slots, slots.Min());
        var start = Math.Max(slots[slot], _promptsDone);
        var isShared = false;
        for (var i = 0; i < slots.Length; i++) isShared |= i != slot && slots[i] > start;
        _promptsDone = start + pace.Prompt(promptTokens, isShared);

        // The first token comes with the prompt.
        slots[slot] = _promptsDone + (Math.Max(0, answerTokens - 1) * pace.Step);
        return _promptsDone;
    }
}
