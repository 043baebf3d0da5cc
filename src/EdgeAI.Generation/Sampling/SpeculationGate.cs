namespace EdgeAI.Generation;

/// <summary>
/// Whether drafts of a sequence are verified, and how many tokens of them: as many as give most tokens a second by what was measured, and none where that does not pay. It turns on at a gain that noise
/// does not make, turns off where nothing is gained, and tries again ever more rarely. Pure decisions from counters; not thread-safe.
/// </summary>
internal sealed class SpeculationGate
{
    private const double GainToTurnOn = 1.1, GainToStay = 1.02;
    private const int FirstPause = 16, LongestPause = 256;

    // A probe is short, and goes on while its drafts begin right: one alone proves nothing, and waiting for the next takes long.
    private const int ProbeLength = 2, LongestProbe = 8;

    // Who paid for so many drafts is tried again soon when it stops paying.
    private const int ProvenDrafts = 50;

    private readonly AcceptanceStatistics _acceptance;
    private readonly VerificationCost _cost;
    private bool _isOn = true;
    private int _pause = FirstPause;
    private int _passed;
    private int _probes;
    private int _draftsSinceOn;

    /// <param name="cost">The model's.</param>
    public SpeculationGate(VerificationCost cost)
    {
        _cost = cost;
        _acceptance = new AcceptanceStatistics(cost.MaxRows - 1);
    }

    /// <summary>Most tokens of a draft.</summary>
    public int MaxDraft => _acceptance.MaxDraft;

    /// <summary>Tokens that were drafted so far.</summary>
    public int Drafted { get; private set; }

    /// <summary>Of these, how many were accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Asked once for each step that a draft could be made for.</summary>
    /// <param name="available">Tokens that can be drafted: what the drafter has, less than what the answer and the context have room for.</param>
    /// <returns>How many to verify; 0 for a plain step.</returns>
    public int Decide(int available)
    {
        available = Math.Min(available, MaxDraft);
        if (available <= 0 || _cost.NeedsReference) return 0;
        if (_isOn && FindBest(MaxDraft).Gain < GainToStay) TurnOff();
        if (_isOn) return FindBest(available) is { Gain: > 1 } best ? best.Length : 0;
        if (_probes == 0 && ++_passed < _pause) return 0;
        if (_probes++ == 0) _acceptance.Doubt();
        return Math.Min(available, ProbeLength);
    }

    /// <summary>A draft was verified.</summary>
    /// <param name="drafted">Its tokens.</param>
    /// <param name="accepted">How many of the first were right.</param>
    public void Observe(int drafted, int accepted)
    {
        Drafted += drafted;
        Accepted += accepted;
        _acceptance.Observe(drafted, accepted);
        if (_isOn) _draftsSinceOn++;
        else if (FindBest(MaxDraft).Gain >= GainToTurnOn) (_isOn, _draftsSinceOn) = (true, 0);
        else if (accepted == 0 || _probes >= LongestProbe || (1 + drafted) / _cost.Relative(1 + drafted) < GainToTurnOn) Pause(Math.Min(LongestPause, 2 * _pause));
    }

    private void TurnOff()
    {
        _isOn = false;
        Pause(_draftsSinceOn >= ProvenDrafts ? FirstPause : _pause);
    }

    private void Pause(int steps) => (_pause, _passed, _probes) = (steps, 0, 0);

    private (int Length, double Gain) FindBest(int available)
    {
        var (best, gain) = (0, 0.0);
        for (var length = 1; length <= available; length++)
        {
            var candidate = _acceptance.ExpectedTokens(length) / _cost.Relative(1 + length);
            if (candidate > gain) (best, gain) = (length, candidate);
        }

        return (best, gain);
    }
}
