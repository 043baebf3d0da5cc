using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Engine;

namespace EdgeAI.Cli.Bench;

/// <summary>The model that is measured, its inputs, and the plan that the engine settled on. Owns them.</summary>
internal sealed class LoadedModel : IAsyncDisposable
{
    private const int InputSeed = 1;

    private readonly IModelHandle _model;
    private readonly InputTensors _inputs;

    private LoadedModel(IModelHandle model, InputTensors inputs, TimeSpan planTime)
    {
        _model = model;
        _inputs = inputs;
        PlanTime = planTime;
        Plan = (ModelPlan)model.GetService(typeof(ModelPlan))!;
        Batching = (ModelBatching?)model.GetService(typeof(ModelBatching));
        IsSettled = model.GetService(typeof(IPlanTuning)) is not IPlanTuning { IsSettled: false };
    }

    public ModelPlan Plan { get; }

    /// <summary>From the start until the plan was settled, or waiting for it was given up.</summary>
    public TimeSpan PlanTime { get; }

    public bool IsSettled { get; }

    /// <summary>Whether requests may share a run, and why; <see langword="null"/> where the engine does not tell.</summary>
    public ModelBatching? Batching { get; }

    /// <summary>The tensors of every request.</summary>
    public IReadOnlyList<KeyValuePair<string, TensorValue>> Inputs => _inputs.Tensors;

    /// <summary>Loads a model, runs it once, and waits until the engine has chosen how to serve it.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="options">What to load, and how long to wait.</param>
    /// <param name="say">Told in a line what takes its time.</param>
    /// <param name="timeProvider">For the limit.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<LoadedModel> OpenAsync(IInferenceEngine engine, BenchmarkOptions options, Action<string> say, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        var start = timeProvider.GetTimestamp();
        var model = await engine.LoadModelAsync(ModelSource.FromFile(options.ModelPath), ToModelOptions(options), cancellationToken).ConfigureAwait(false);
        InputTensors? inputs = null;
        try
        {
            inputs = CreateInputs(options, model.Signature);

            // By itself, so that a request that cannot work fails as one; and it shows the engine the shapes to measure.
            (await model.RunAsync(inputs.ToRequest(), cancellationToken).ConfigureAwait(false)).Dispose();
            if (model.GetService(typeof(IPlanTuning)) is IPlanTuning tuning) await SettleAsync(tuning, options.SettleLimit, say, timeProvider, cancellationToken).ConfigureAwait(false);
            return new LoadedModel(model, inputs, timeProvider.GetElapsedTime(start));
        }
        catch
        {
            inputs?.Dispose();
            await model.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>The model as a target of queries.</summary>
    public EngineTarget ToTarget(BenchmarkOptions options) => new(_model, Inputs, options.AllowBatching, options.Deadline);

    public async ValueTask DisposeAsync()
    {
        await _model.DisposeAsync().ConfigureAwait(false);
        _inputs.Dispose();
    }

    /// <summary>Waits until the plan is settled, or the limit is over.</summary>
    internal static async Task SettleAsync(IPlanTuning tuning, TimeSpan limit, Action<string> say, TimeProvider timeProvider, CancellationToken cancellationToken)
    {
        if (tuning.IsSettled || limit == TimeSpan.Zero) return;
        say("Measuring the model to choose lanes, threads and batch size.");
        try
        {
            await tuning.WaitUntilSettledAsync(cancellationToken).WaitAsync(limit, timeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            say(FormattableString.Invariant($"Not settled after {limit.TotalSeconds:0.##} s (--settle): going on with the plan so far."));
        }
    }

    private static ModelOptions ToModelOptions(BenchmarkOptions options)
    {
        var model = new ModelOptions
        {
            DeviceId = options.DeviceId,
            Lanes = options.Lanes,
            ThreadsPerLane = options.ThreadsPerLane,
            MaxBatch = options.MaxBatch,
            Goal = options.Goal,
            BatchWait = options.BatchWait,
        };
        foreach (var (tensor, axis) in options.BatchAxes) model.BatchAxes.Add(tensor, axis);

        // In the server scenario the engine refuses what it would refuse for any host. Elsewhere every query is meant to wait its turn.
        if (options.Scenario != Scenario.Server)
        {
            model.MaxQueueLength = Load.MaxBurst;
            model.MaxQueueDelay = TimeSpan.FromHours(1);
        }

        return model;
    }

    private static InputTensors CreateInputs(BenchmarkOptions options, ModelSignature signature)
    {
        var inputs = InputTensors.Read(options.InputFiles, signature);
        try
        {
            List<ShapeArgument> known = [.. inputs.Tensors.Select(input => new ShapeArgument(input.Key, input.Value.Lengths.ToArray()))];
            if (options.Shapes.FirstOrDefault(shape => known.Exists(file => file.Input == shape.Input)) is { } twice)
            {
                throw new ToolException($"The input '{twice.Input}' has both a file and a --shape; give one of them.");
            }

            var random = new Random(InputSeed);
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
}
