using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Bench;

/// <summary>
/// The measured time, cut into rounds. In each round both sides run once, and who goes first alternates, so that whatever drifts on the machine
/// meets both alike; the ratio is the median over the rounds.
/// </summary>
internal sealed class Rounds
{
    private const int MinCount = 10;
    private const int MaxCount = 100;
    private const int MinOpenCount = 4;
    private static readonly TimeSpan _typicalLength = TimeSpan.FromMilliseconds(500);

    // A queue needs time to build up as it does under the load that is offered.
    private static readonly TimeSpan _typicalOpenLength = TimeSpan.FromSeconds(5);

    // Threads of the side that has just run may spin for a moment in hope of more work, and would take a core from the other side.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(20);

    private readonly List<double> _throughputRatios = [];
    private readonly List<double> _medianRatios = [];

    public Tally Engine { get; } = new();

    public Tally Baseline { get; } = new();

    /// <summary>The engine's figures over the baseline's.</summary>
    public RatioReport Ratio => new(Percentiles.Median(_throughputRatios), Percentiles.Median(_medianRatios));

    /// <summary>How many rounds a time is cut into.</summary>
    public static int CountFor(TimeSpan duration) => (int)Math.Clamp(duration / _typicalLength, MinCount, MaxCount);

    /// <summary>How many rounds a time is cut into where queries arrive by a schedule.</summary>
    public static int CountOpenFor(TimeSpan duration) => (int)Math.Clamp(duration / _typicalOpenLength, MinOpenCount, MaxCount);

    /// <summary>Runs both sides.</summary>
    /// <param name="count">Rounds.</param>
    /// <param name="engine">Runs the engine for the length of one round, told which.</param>
    /// <param name="baseline">Runs the baseline; <see langword="null"/> where there is none.</param>
    /// <param name="timeProvider">For the rest between both.</param>
    /// <param name="progress">Told how much is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task RunAsync(int count, Func<int, Task<Tally>> engine, Func<int, Task<Tally>>? baseline, TimeProvider timeProvider, Action<double> progress, CancellationToken cancellationToken)
    {
        for (var round = 0; round < count; round++)
        {
            if (baseline is null) Engine.Add(await engine(round).ConfigureAwait(false));
            else await RunBothAsync(engine, baseline, round, timeProvider, cancellationToken).ConfigureAwait(false);
            progress((round + 1.0) / count);
        }
    }

    private async Task RunBothAsync(Func<int, Task<Tally>> engine, Func<int, Task<Tally>> baseline, int round, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var isEngineFirst = round % 2 == 0;
        var first = await (isEngineFirst ? engine : baseline)(round).ConfigureAwait(false);
        await Task.Delay(_rest, timeProvider, cancellationToken).ConfigureAwait(false);
        var second = await (isEngineFirst ? baseline : engine)(round).ConfigureAwait(false);
        await Task.Delay(_rest, timeProvider, cancellationToken).ConfigureAwait(false);
        Add(isEngineFirst ? first : second, isEngineFirst ? second : first);
    }

    /// <summary>Adds a round in which both sides ran.</summary>
    internal void Add(Tally engine, Tally baseline)
    {
        Engine.Add(engine);
        Baseline.Add(baseline);
        if (engine.Queries == 0 || baseline.Queries == 0) return;
        _throughputRatios.Add(engine.Throughput / baseline.Throughput);
        _medianRatios.Add(Percentiles.NearestRank<TimeSpan>(engine.SortLatencies(), 50) / Percentiles.NearestRank<TimeSpan>(baseline.SortLatencies(), 50));
    }
}
