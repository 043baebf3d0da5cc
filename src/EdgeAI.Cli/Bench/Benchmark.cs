using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Bench;

/// <summary>Measures the engine under one load, and plain ONNX Runtime beside it where asked for.</summary>
internal sealed class Benchmark(IInferenceEngine engine, BenchmarkOptions options, TimeProvider timeProvider)
{
    private readonly Load _load = new(timeProvider);
    private readonly OpenLoop _openLoop = new(timeProvider, Nap.For);

    /// <summary>Loads, warms up, and measures.</summary>
    /// <param name="progress">Told how much of the measuring is done, 0 to 1.</param>
    /// <param name="say">Told in a line what takes its time before.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BenchReport> RunAsync(Action<double> progress, Action<string> say, CancellationToken cancellationToken)
    {
        await using var contest = await Contest.OpenAsync(engine, options, say, timeProvider, cancellationToken).ConfigureAwait(false);

        var rounds = new Rounds();
        var count = CountRounds();
        var length = options.Duration / count;
        var burst = (int)Math.Clamp(contest.Warm.Throughput * length.TotalSeconds, 1, Load.MaxBurst);
        Task<Tally> Measure(IQueryTarget target, int round) => MeasureAsync(target, round, length, burst, cancellationToken);
        Func<int, Task<Tally>>? measurePlain = contest.Plain is { } plain ? round => Measure(plain, round) : null;
        if (options.Rate is { } rate) await contest.WarmUpAsync(_openLoop, rate, length, cancellationToken).ConfigureAwait(false);
        await rounds.RunAsync(count, round => Measure(contest.Engine, round), measurePlain, timeProvider, progress, cancellationToken).ConfigureAwait(false);
        return new Measurement(rounds.Engine, measurePlain is null ? null : rounds.Baseline, measurePlain is null ? null : rounds.Ratio).ToReport(options, contest.Model);
    }

    private int CountRounds()
    {
        if (options.Scenario == Scenario.Server) return options.HasBaseline ? Rounds.CountOpenFor(options.Duration) : 1;
        return options.HasBaseline || options.Clients is not null ? Rounds.CountFor(options.Duration) : 1;
    }

    private async Task<Tally> MeasureAsync(IQueryTarget target, int round, TimeSpan length, int burst, CancellationToken cancellationToken)
    {
        if (options.Rate is { } rate)
        {
            // Both sides get the arrivals of the round's own seed.
            return await _openLoop.RunAsync(target, ArrivalSchedule.Draw(rate, length, unchecked(options.Seed + round)), length, cancellationToken).ConfigureAwait(false);
        }

        if (options.Clients is { } clients) return await _load.RunClientsAsync(target, clients, options.Samples, length, cancellationToken).ConfigureAwait(false);

        var sum = new Tally();
        do sum.Add(await _load.RunBurstAsync(target, burst, cancellationToken).ConfigureAwait(false));
        while (burst == Load.MaxBurst && sum.Elapsed < length);
        return sum;
    }
}
