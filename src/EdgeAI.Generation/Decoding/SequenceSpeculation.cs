namespace EdgeAI.Generation;

/// <summary>Drafts of one sequence, and whether they pay. Made when the sequence is first decoded by itself; used by the worker.</summary>
internal sealed class SequenceSpeculation
{
    private readonly NgramDrafter _drafter;
    private readonly SpeculationGate _gate;
    private readonly int[] _draft;

    /// <param name="expectedTokens">Tokens of prompt and answer.</param>
    /// <param name="cost">The model's.</param>
    public SequenceSpeculation(int expectedTokens, VerificationCost cost)
    {
        _drafter = new NgramDrafter(expectedTokens);
        _gate = new SpeculationGate(cost);
        _draft = new int[_gate.MaxDraft];
    }

    /// <summary>Tokens that are worth verifying; empty for a plain step.</summary>
    /// <param name="tokens">Prompt and answer so far.</param>
    /// <param name="most">Tokens that there is room for.</param>
    public ReadOnlySpan<int> Draft(ReadOnlySpan<int> tokens, int most)
    {
        _drafter.Append(tokens[_drafter.Count..]);
        most = Math.Min(most, _draft.Length);
        return most <= 0 ? [] : _draft.AsSpan(0, _gate.Decide(_drafter.Draft(_draft.AsSpan(0, most))));
    }

    public void Observe(int drafted, int accepted) => _gate.Observe(drafted, accepted);
}
