namespace EdgeAI.Generation;

/// <summary>
/// Decides which step comes next. Prompts are computed in the order of their sequences' arrival at a slot, one after the other. Fairness: while sequences are decoded, at most one part
/// of a prompt, of at most <paramref name="sharedChunk"/> tokens, comes between two of their tokens; and between two parts of a prompt comes at most one token of the others.
/// </summary>
/// <param name="maxChunk">Tokens of a prompt in one step while nothing is decoded.</param>
/// <param name="sharedChunk">
/// Tokens of a prompt in one step while others are answered. Few suffice to use the processor as well as many do: 16 rows reach 98 % of the rate of 128 rows in MatMulNBits at block 32
/// (2 cores, 4096 x 4096), and they delay the others by a few tokens' time instead of by dozens.
/// </param>
internal sealed class StepPlanner(int maxChunk, int sharedChunk)
{
    private bool _wasPrefill;

    /// <summary>The next step.</summary>
    /// <param name="slots">All slots.</param>
    /// <param name="prefilling">Sequences whose prompt, or whose forced tokens, are not computed, in their order.</param>
    public DecodingStep Next(ReadOnlySpan<CacheSlot> slots, IReadOnlyList<GenerationSequence> prefilling)
    {
        int first = -1, last = -1;
        for (var i = 0; i < slots.Length; i++)
        {
            if (slots[i].Owner is not { State: SequenceState.Decoding }) continue;
            if (first < 0) first = i;
            last = i;
        }

        var decodes = first >= 0;
        if (prefilling.Count > 0 && !(decodes && _wasPrefill))
        {
            _wasPrefill = true;
            var sequence = prefilling[0];
            var left = sequence.Length - slots[sequence.Slot].Count;
            return new DecodingStep(DecodingStepKind.Prefill, sequence, Math.Min(left, IsShared(slots, sequence) ? sharedChunk : maxChunk));
        }

        _wasPrefill = false;
        return decodes ? new DecodingStep(DecodingStepKind.Decode, null, last - first + 1, first) : default;
    }

    /// <summary>Whether others are being answered.</summary>
    private static bool IsShared(ReadOnlySpan<CacheSlot> slots, GenerationSequence sequence)
    {
        foreach (var slot in slots)
        {
            if (slot.Owner is { GeneratedCount: > 0 } other && other != sequence) return true;
        }

        return false;
    }
}
