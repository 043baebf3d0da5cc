namespace EdgeAI.Generation;

/// <summary>How often a sequence's drafts are right, by their place in the draft. Recent ones count most. Not thread-safe.</summary>
internal sealed class AcceptanceStatistics
{
    // About the last twenty drafts count; what is not known is taken from the place before, as if seen twice.
    private const double Kept = 0.95;
    private const double PriorWeight = 2;
    private const double FirstPrior = 0.5;
    private const double DoubtKept = 0.2;

    private readonly double[] _accepted;
    private readonly double[] _tried;

    /// <param name="maxDraft">Most tokens of a draft.</param>
    public AcceptanceStatistics(int maxDraft)
    {
        _accepted = new double[maxDraft];
        _tried = new double[maxDraft];
    }

    public int MaxDraft => _tried.Length;

    /// <summary>A draft was verified.</summary>
    /// <param name="drafted">Its tokens.</param>
    /// <param name="accepted">How many of the first were right. The one behind was wrong; those behind that say nothing.</param>
    public void Observe(int drafted, int accepted)
    {
        for (var place = 0; place < drafted && place <= accepted; place++)
        {
            _tried[place] = (Kept * _tried[place]) + 1;
            _accepted[place] = (Kept * _accepted[place]) + (place < accepted ? 1 : 0);
        }
    }

    /// <summary>What was seen is old: it counts for little from now on.</summary>
    public void Doubt()
    {
        for (var place = 0; place < _tried.Length; place++)
        {
            _tried[place] *= DoubtKept;
            _accepted[place] *= DoubtKept;
        }
    }

    /// <summary>How many tokens a step with such a draft gives: the accepted ones and the model's own.</summary>
    /// <param name="drafted">0 or more.</param>
    public double ExpectedTokens(int drafted)
    {
        var (tokens, reached, share) = (1.0, 1.0, FirstPrior);
        for (var place = 0; place < drafted; place++)
        {
            share = (_accepted[place] + (PriorWeight * share)) / (_tried[place] + PriorWeight);
            tokens += reached *= share;
        }

        return tokens;
    }
}
