using System.Runtime.ExceptionServices;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;
using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Bench;

/// <summary>Measures the engine, and plain ONNX Runtime beside it where asked for.</summary>
internal sealed class Benchmark(IInferenceEngine engine, BenchmarkOptions options, TimeProvider timeProvider)
{
    private const int Seed = 1;
    private static readonly TimeSpan _warmUp = TimeSpan.FromMilliseconds(500);

    private readonly Load _load = new(timeProvider);

    /// <summary>Loads, warms up, and measures.</summary>
    /// <param name="progress">Told how much of the measuring is done, 0 to 1.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<BenchReport> RunAsync(Action<double> progress, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        await using var model = await engine.LoadModelAsync(ModelSource.FromFile(options.ModelPath), ToModelOptions(), cancellationToken).ConfigureAwait(false);
        using var inputs = CreateInputs(model.Signature);

        // By itself, so that a request that cannot work fails as one.
        (await model.RunAsync(inputs.ToRequest(), cancellationToken).ConfigureAwait(false)).Dispose();
        var plan = (ModelPlan)model.GetService(typeof(ModelPlan))!;
        var target = new EngineTarget(model, inputs.Tensors, options.AllowBatching);
        var warm = await WarmUpAsync(target, plan, cancellationToken).ConfigureAwait(false);
        var settled = timeProvider.GetElapsedTime(start);

        using var plain = options.HasBaseline ? new PlainTarget(options.ModelPath, plan.Lanes * plan.Threads, inputs.Tensors) : null;
        if (plain is not null) await WarmUpAsync(plain, plan, cancellationToken).ConfigureAwait(false);

        var rounds = new Rounds();
        var count = plain is null && options.Clients is null ? 1 : Rounds.CountFor(options.Duration);
        var length = options.Duration / count;
        var burst = (int)Math.Clamp(warm.Throughput * length.TotalSeconds, 1, Load.MaxBurst);
        Func<Task<Tally>>? runPlain = plain is null ? null : () => MeasureAsync(plain, length, burst, cancellationToken);
        await rounds.RunAsync(count, () => MeasureAsync(target, length, burst, cancellationToken), runPlain, timeProvider, progress, cancellationToken).ConfigureAwait(false);
        return Report(rounds, plan, settled);
    }

    private ModelOptions ToModelOptions() => new()
    {
        DeviceId = options.DeviceId,
        Lanes = options.Lanes,
        ThreadsPerLane = options.ThreadsPerLane,
        MaxQueueLength = Load.MaxBurst,
    };

    private InputTensors CreateInputs(ModelSignature signature)
    {
        var inputs = InputTensors.Read(options.InputFiles, signature);
        try
        {
            List<ShapeArgument> known = [.. inputs.Tensors.Select(input => new ShapeArgument(input.Key, input.Value.Lengths.ToArray()))];
            if (options.Shapes.FirstOrDefault(shape => known.Exists(file => file.Input == shape.Input)) is { } twice)
            {
                throw new ToolException($"The input '{twice.Input}' has both a file and a --shape; give one of them.");
            }

            var random = new Random(Seed);
            var shapes = InputShapes.Choose(signature, [.. known, .. options.Shapes]);
            for (var i = 0; i < shapes.Count; i++)
            {
                var input = signature.Inputs[i];
                if (!known.Exists(file => file.Input == input.Name)) inputs.Add(input.Name, RandomTensors.Create(input, shapes[i], random));
            }

            return inputs;
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    private Task<Tally> WarmUpAsync(IQueryTarget target, ModelPlan plan, CancellationToken cancellationToken) =>
        _load.RunClientsAsync(target, options.Clients ?? plan.Lanes, options.Duration < _warmUp ? options.Duration : _warmUp, cancellationToken);

    private async Task<Tally> MeasureAsync(IQueryTarget target, TimeSpan length, int burst, CancellationToken cancellationToken)
    {
        if (options.Clients is { } clients) return await _load.RunClientsAsync(target, clients, length, cancellationToken).ConfigureAwait(false);

        var sum = new Tally();
        do sum.Add(await _load.RunBurstAsync(target, burst, cancellationToken).ConfigureAwait(false));
        while (burst == Load.MaxBurst && sum.Elapsed < length);
        return sum;
    }

    private BenchReport Report(Rounds rounds, ModelPlan plan, TimeSpan settled)
    {
        var measured = rounds.Engine;
        if (measured.Answered == 0 && measured.FirstError is { } error) ExceptionDispatchInfo.Throw(error);
        return new BenchReport(
            options.Scenario,
            options.Clients,
            measured.Answered,
            measured.Throughput,
            Latencies(measured),
            measured.BatchSizes,
            measured.Devices,
            new PlanReport(plan.Lanes, plan.Threads, plan.MaxBatch),
            settled.TotalMilliseconds,
            measured.Rejected,
            measured.Errors,
            options.HasBaseline ? new BaselineReport(rounds.Baseline.Throughput, Latencies(rounds.Baseline)) : null,
            options.HasBaseline ? rounds.Ratio : null,
            Scenario.FindDifferenceFromMlperf(options.Scenario, options.Clients, measured.Elapsed, measured.Answered));
    }

    private static LatencyReport Latencies(Tally tally)
    {
        var sorted = tally.SortLatencies();
        double At(int percent) => sorted.Length == 0 ? 0 : Percentiles.NearestRank<TimeSpan>(sorted, percent).TotalMilliseconds;
        return new LatencyReport(At(50), At(90), At(95), At(99));
    }
}
