using System.Runtime.ExceptionServices;
using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Bench;

/// <summary>What was measured of both sides under one load.</summary>
/// <param name="Engine">The engine's answers.</param>
/// <param name="Baseline">The plain session's; <see langword="null"/> where it was not asked for.</param>
/// <param name="Ratio">The engine over the baseline.</param>
internal sealed record Measurement(Tally Engine, Tally? Baseline, RatioReport? Ratio)
{
    /// <summary>The report of a measurement.</summary>
    /// <exception cref="Exception">Nothing was answered because requests failed: the first failure.</exception>
    public BenchReport ToReport(BenchmarkOptions options, LoadedModel model)
    {
        if (Engine is { Answered: 0, Errors: > 0, FirstError: { } error }) ExceptionDispatchInfo.Throw(error);
        return new BenchReport(
            options.Scenario,
            options.Clients,
            Engine.Answered,
            Engine.Throughput,
            LatenciesOf(Engine),
            Engine.BatchSizes,
            Engine.Devices,
            new PlanReport(model.Plan.Lanes, model.Plan.Threads, model.Plan.MaxBatch),
            model.PlanTime.TotalMilliseconds,
            Engine.Rejected,
            Engine.Errors,
            ToBaseline(options),
            Ratio,
            Scenario.FindDifferenceFromMlperf(options.Scenario, options.Clients, options.Samples, Engine))
        {
            Queries = Engine.Queries,
            Samples = options.Samples,
            Rate = options.Rate,
            SenderLagMs = LagOf(Engine, options),
            RefusalMs = RefusalsOf(Engine),
            DeadlineMs = options.Deadline?.TotalMilliseconds,
            Goodput = GoodputOf(Engine, options),
            Settled = model.IsSettled,
            Batching = model.Batching is { } batching ? new BatchingReport(batching.IsPossible, batching.Reason) : null,
        };
    }

    /// <summary>Percentiles of a side's latencies; zero where nothing was answered.</summary>
    public static LatencyReport LatenciesOf(Tally tally)
    {
        var sorted = tally.SortLatencies();
        double At(int percent) => sorted.Length == 0 ? 0 : Percentiles.NearestRank<TimeSpan>(sorted, percent).TotalMilliseconds;
        return new LatencyReport(At(50), At(90), At(95), At(99));
    }

    private BaselineReport? ToBaseline(BenchmarkOptions options) => Baseline is null ? null : new BaselineReport(Baseline.Throughput, LatenciesOf(Baseline))
    {
        Rejected = Baseline.Rejected,
        Errors = Baseline.Errors,
        SenderLagMs = LagOf(Baseline, options),
        Goodput = GoodputOf(Baseline, options),
    };

    private static double? LagOf(Tally tally, BenchmarkOptions options) => options.Scenario == Scenario.Server ? tally.MaxSenderLag.TotalMilliseconds : null;

    private static RefusalReport? RefusalsOf(Tally tally)
    {
        var sorted = tally.SortRefusals();
        double At(int percent) => Percentiles.NearestRank<TimeSpan>(sorted, percent).TotalMilliseconds;
        return sorted.Length == 0 ? null : new RefusalReport(At(50), At(99));
    }

    private static double? GoodputOf(Tally tally, BenchmarkOptions options)
    {
        if (options.Deadline is not { } deadline) return null;
        return tally.Elapsed > TimeSpan.Zero ? (double)tally.CountWithin(deadline) * options.Samples / tally.Elapsed.TotalSeconds : 0;
    }
}
