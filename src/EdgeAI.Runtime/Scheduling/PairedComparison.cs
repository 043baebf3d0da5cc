namespace EdgeAI.Scheduling;

/// <summary>
/// Whether one of two ways to serve is better, from windows in which they took turns: pairs of rates and of times that requests spent. Rates decide, since callers that wait for their answers show
/// in them all that a request costs; where the rates are the same, as with callers that come at their own pace, the times do. Whoever really serves more has its requests spend no longer
/// (Little's law), so a better rate with worse times is chance. Pure.
/// </summary>
internal struct PairedComparison
{
    // What is this close is equal.
    private static readonly double _worthIt = Math.Log(1.03);

    // A challenger this much worse need not be seen twice.
    private static readonly double _hopeless = Math.Log(0.7);

    private const int FewestPairs = 3;
    private const int MostPairs = 8;

    private Differences _rate;
    private Differences _time;

    /// <summary>Whether nothing is to be learned from more pairs.</summary>
    public readonly bool IsDecided => IsBetter || IsWorse || _rate.Count >= MostPairs;

    /// <summary>Whether the challenger is better for certain.</summary>
    public readonly bool IsBetter => _rate.Count >= FewestPairs && ((_rate.Exceeds(_worthIt) && _time.Mean > -_worthIt) || (IsSameRate && _time.Exceeds(_worthIt)));

    private readonly bool IsWorse => _rate.Mean < _hopeless || (_rate.Count >= FewestPairs && (_rate.FallsBelow(-_worthIt) || (IsSameRate && _time.FallsBelow(-_worthIt))));

    // Callers at their own pace bring more noise than closed loops: it takes more pairs to call their rates the same.
    private readonly bool IsSameRate => _rate.Count > FewestPairs && !_rate.Exceeds(_worthIt) && !_rate.FallsBelow(-_worthIt);

    /// <summary>Adds a window of each.</summary>
    public void Add(in ServedWindow incumbent, in ServedWindow challenger)
    {
        _rate.Add(Math.Log(challenger.Rate / incumbent.Rate));
        _time.Add(Math.Log(incumbent.MeanTicks / challenger.MeanTicks));
    }

    /// <summary>Mean and spread of some numbers, by Welford's method.</summary>
    private struct Differences
    {
        // Standard errors that a mean of so many must exceed: Student's t, by chance once in a hundred times (one-sided, for 2 to 7 degrees of freedom).
        private static readonly double[] _certain = [6.96, 4.54, 3.75, 3.36, 3.14, 3.00];

        private double _squares;

        public int Count { get; private set; }

        public double Mean { get; private set; }

        private readonly double Error => Math.Sqrt(_squares / (Count - 1) / Count);

        private readonly double Certain => _certain[Math.Clamp(Count - FewestPairs, 0, _certain.Length - 1)];

        public readonly bool Exceeds(double least) => Mean > least && Mean > Certain * Error;

        public readonly bool FallsBelow(double most) => Mean < most && -Mean > Certain * Error;

        public void Add(double value)
        {
            var before = value - Mean;
            Mean += before / ++Count;
            _squares += before * (value - Mean);
        }
    }
}

/// <summary>What was served in a while.</summary>
/// <param name="Rate">Requests per tick.</param>
/// <param name="MeanTicks">Mean time from arrival to answer.</param>
internal readonly record struct ServedWindow(double Rate, double MeanTicks);
