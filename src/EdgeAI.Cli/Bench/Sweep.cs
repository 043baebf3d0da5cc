using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Bench;

/// <summary>Measures the server scenario at many rates, up to more than the engine can take: how latency grows with throughput.</summary>
internal sealed class Sweep(IInferenceEngine engine, BenchmarkOptions options, TimeProvider timeProvider)
{
    private const int MaxQueries = 1_000_000;
    private const int MinQueriesForP99 = 100;
    private const int MinClients = 32;
    private const int MaxClients = 256;

    // The rest after either side, as between rounds: its threads may spin for a moment.
    private static readonly TimeSpan _rest = TimeSpan.FromMilliseconds(20);

    private readonly OpenLoop _openLoop = new(timeProvider, Nap.For);

    /// <summary>Rates over what closed-loop clients reach, denser where the queue begins to build up.</summary>
    public static double[] Loads { get; } = [0.1, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0, 1.1, 1.2];

    /// <summary>The load whose figures stand for the server scenario where no rate is given: busy, with room for bursts.</summary>
    public static double TypicalLoad => 0.8;

    /// <summary>Loads, warms up, and measures at each rate, both sides in turns with the same arrivals.</summary>
    /// <param name="progress">Told how much is done, 0 to 1.</param>
    /// <param name="say">Told in a line what takes its time before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The figures at <see cref="TypicalLoad"/>, and the curve.</returns>
    public async Task<BenchReport> RunAsync(Action<double> progress, Action<string> say, CancellationToken cancellationToken)
    {
        var server = options with { Scenario = Scenario.Server, Clients = null, Samples = 1, Rate = null };
        await using var contest = await Contest.OpenAsync(engine, server, say, timeProvider, cancellationToken).ConfigureAwait(false);

        var length = options.Duration / Loads.Length;
        var capacity = await MeasureCapacityAsync(contest, length, cancellationToken).ConfigureAwait(false);
        var typicalQueries = capacity * TypicalLoad * length.TotalSeconds;
        if (typicalQueries < MinQueriesForP99) say(FormattableString.Invariant($"About {typicalQueries:0} queries a point, too few for a p99: give a longer --duration."));
        await contest.WarmUpAsync(_openLoop, capacity * TypicalLoad, length, cancellationToken).ConfigureAwait(false);
        var curve = new List<(double Rate, Measurement Measured)>();
        foreach (var load in Loads)
        {
            var rate = capacity * load;
            curve.Add((rate, await MeasureAsync(contest, rate, length, curve.Count, cancellationToken).ConfigureAwait(false)));
            progress((double)curve.Count / Loads.Length);
        }

        var (typicalRate, typical) = curve[Array.IndexOf(Loads, TypicalLoad)];
        return typical.ToReport(server with { Rate = typicalRate }, contest.Model) with
        {
            Curve = new CurveReport(
                [.. curve.Select(point => ToPoint(point.Rate, point.Measured.Engine))],
                options.HasBaseline ? [.. curve.Select(point => ToPoint(point.Rate, point.Measured.Baseline!))] : null),
        };
    }

    private async Task<double> MeasureCapacityAsync(Contest contest, TimeSpan length, CancellationToken cancellationToken)
    {
        var plan = contest.Model.Plan;

        // Two full batches a lane, one that runs and one that waits; and enough for small ones, whose clients take as long to come back.
        var clients = (int)Math.Clamp(2L * plan.Lanes * plan.MaxBatch, MinClients, MaxClients);
        var tally = await new Load(timeProvider).RunClientsAsync(contest.Engine, clients, length, cancellationToken).ConfigureAwait(false);
        return tally.Throughput > 0 ? tally.Throughput : throw tally.FirstError!;
    }

    private async Task<Measurement> MeasureAsync(Contest contest, double rate, TimeSpan length, int round, CancellationToken cancellationToken)
    {
        var bounded = TimeSpan.FromSeconds(Math.Min(length.TotalSeconds, MaxQueries / rate));
        var arrivals = ArrivalSchedule.Draw(rate, bounded, unchecked(options.Seed + round));
        async Task<Tally> Run(IQueryTarget target)
        {
            var tally = await _openLoop.RunAsync(target, arrivals, bounded, cancellationToken).ConfigureAwait(false);
            await Task.Delay(_rest, timeProvider, cancellationToken).ConfigureAwait(false);
            return tally;
        }

        if (contest.Plain is not { } plain) return new Measurement(await Run(contest.Engine).ConfigureAwait(false), null, null);
        var isEngineFirst = round % 2 == 0;
        var first = await Run(isEngineFirst ? contest.Engine : plain).ConfigureAwait(false);
        var second = await Run(isEngineFirst ? plain : contest.Engine).ConfigureAwait(false);
        var rounds = new Rounds();
        rounds.Add(isEngineFirst ? first : second, isEngineFirst ? second : first);
        return new Measurement(rounds.Engine, rounds.Baseline, rounds.Ratio);
    }

    private static CurvePointReport ToPoint(double rate, Tally tally) =>
        new(rate, tally.Throughput, Measurement.LatenciesOf(tally), tally.Rejected, tally.Errors, tally.MaxSenderLag.TotalMilliseconds);
}
