namespace EdgeAI.Evaluation;

/// <summary>When enough has been timed. Immutable.</summary>
/// <param name="Window">Runs are timed in windows at least this long.</param>
/// <param name="LeastWindows">Windows before a figure may settle, 3 or more.</param>
/// <param name="MostWindows">Windows after which an unsettled figure is taken as it is, and flagged.</param>
/// <param name="Tolerance">The last three windows agree within this share.</param>
internal sealed record SamplingRules(TimeSpan Window, int LeastWindows, int MostWindows, double Tolerance)
{
    /// <summary>For most figures.</summary>
    public static SamplingRules Quick { get; } = new(TimeSpan.FromMilliseconds(12), LeastWindows: 4, MostWindows: 14, Tolerance: 0.05);

    /// <summary>For bandwidth, after STREAM: ten repetitions of at least 50 ms, of which the first does not count.</summary>
    public static SamplingRules Stream { get; } = new(TimeSpan.FromMilliseconds(50), LeastWindows: 6, MostWindows: 10, Tolerance: 0.05);
}
