using EdgeAI.Batching;
using EdgeAI.Diagnostics;
using EdgeAI.Onnx;
using EdgeAI.Profiling;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>
/// Finds out in the background how a model is best served: whether its requests may share runs, and with which lanes, threads and batch sizes. Measures only
/// while the engine is idle, and gives way to requests between two runs; later again where curves no longer fit, and other shapes as they come. Thread-safe.
/// </summary>
internal sealed class PlanTuner : IPlanTuning, IAsyncDisposable
{
    private readonly ModelContext _model;
    private readonly DeviceLanes _lanes;
    private readonly ShapeGroups _shapes;
    private readonly IdleWatch _idle;
    private readonly ServedPlans _plans;
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource<ShapeSample> _sample = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _settled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _tuning;

    private PlanTuner(ModelContext model, DeviceLanes lanes, ShapeGroups shapes, IdleWatch idle, CurveStore? store, ModelBatching batching, BatchAnalysis? analysis)
    {
        _model = model;
        _lanes = lanes;
        _shapes = shapes;
        _idle = idle;
        _plans = new ServedPlans(model, lanes, shapes, new SweepRunner(model, lanes, idle, store), _closing.Token);
        Batching = batching;
        _tuning = Task.Run(() => TuneAsync(analysis));
    }

    /// <summary>Whether requests may share a run, and why.</summary>
    public ModelBatching Batching { get; private set; }

    public ModelPlan Plan => _lanes.CurrentPlan();

    public bool IsSettled => _settled.Task.IsCompleted;

    /// <summary>Whether a request's shapes are asked for.</summary>
    public bool WantsSample => !_sample.Task.IsCompleted;

    /// <summary>Starts tuning a model on the device that serves it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="lanes">Its lanes on the device.</param>
    /// <param name="shapes">The model's shape groups.</param>
    /// <param name="idle">Tells when nobody is disturbed.</param>
    /// <param name="store">Where measurements are kept.</param>
    /// <param name="decided">Whether requests may share a run, where that was found out on another device; <see langword="null"/> to find out.</param>
    public static PlanTuner Start(ModelContext model, DeviceLanes lanes, ShapeGroups shapes, IdleWatch idle, CurveStore? store, ModelBatching? decided = null)
    {
        if (decided is not null) return new(model, lanes, shapes, idle, store, decided, null);
        if (shapes.Layout is not null) return new(model, lanes, shapes, idle, store, new ModelBatching(true, "ModelOptions.BatchAxes declares the axes"), null);
        if (model.Settings.MaxBatch == 1) return new(model, lanes, shapes, idle, store, new ModelBatching(false, "ModelOptions.MaxBatch is 1"), null);
        var analysis = model.Descriptor.GetService<BatchAnalysis>();
        var batching = analysis is null ? new ModelBatching(false, "the model shows no graph; declare ModelOptions.BatchAxes if its rows are independent")
            : analysis.IsPossible ? new ModelBatching(false, "whether requests influence each other is still being tried")
            : new ModelBatching(false, analysis.Reason);
        return new(model, lanes, shapes, idle, store, batching, analysis is { IsPossible: true } ? analysis : null);
    }

    /// <summary>Shows the shapes of a request.</summary>
    public void Offer(ReadOnlySpan<TensorValue?> inputs) => _sample.TrySetResult(ShapeSample.Of(_model.Descriptor.Signature, inputs));

    public async Task<ModelPlan> WaitUntilSettledAsync(CancellationToken cancellationToken = default)
    {
        await _settled.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        return Plan;
    }

    /// <summary>Stops measuring.</summary>
    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync().ConfigureAwait(false);
        await _tuning.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _closing.Dispose();
    }

    private async Task TuneAsync(BatchAnalysis? analysis)
    {
        try
        {
            if (analysis is null && !_model.Options.MeasureInBackground) return;
            var layout = _shapes.Layout ?? (analysis is null ? null : new BatchLayout(analysis.InputAxes, analysis.OutputAxes));
            var settings = _model.Settings;
            if (FromSettings(settings.ProfileShapes is [var first, ..] ? first : null, layout) is { } known) _sample.TrySetResult(known);
            var sample = await _sample.Task.WaitAsync(_closing.Token).ConfigureAwait(false);

            await _idle.Turn.WaitAsync(_closing.Token).ConfigureAwait(false);
            try
            {
                if (analysis is not null) layout = await ProbeAsync(sample, layout!).ConfigureAwait(false);
                if (_model.Options.MeasureInBackground) await MeasureAsync(sample, layout).ConfigureAwait(false);
            }
            finally
            {
                _idle.Turn.Release();
            }

            if (!_plans.HasAny) return;
            _settled.TrySetResult();
            await WatchAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The model is closing.
        }
        catch (Exception exception)
        {
            Log.MeasuringFailed(_model.Logger, exception, _model.ModelId);
        }
        finally
        {
            _settled.TrySetResult();
        }
    }

    private ShapeSample? FromSettings(IReadOnlyDictionary<string, long[]>? shapes, BatchLayout? layout) =>
        ShapeSample.From(_model.Descriptor.Signature, shapes, _model.Settings.FreeDimensionOverrides, layout);

    private async Task MeasureAsync(ShapeSample sample, BatchLayout? layout)
    {
        await _plans.ChooseAsync(sample, layout, isAnew: false).ConfigureAwait(false);
        if (!_plans.HasAny) return;
        foreach (var shapes in _model.Settings.ProfileShapes.Skip(1))
        {
            if (FromSettings(shapes, layout) is { } another) await _plans.AddAsync(another, layout).ConfigureAwait(false);
        }
    }

    /// <summary>Measures kinds of request that have come, and everything again where curves no longer fit.</summary>
    private async Task WatchAsync()
    {
        var watch = new PaceWatch();
        while (true)
        {
            await Task.Delay(PaceWatch.Interval, _model.Clock.TimeProvider, _closing.Token).ConfigureAwait(false);
            var isOff = watch.Look(_plans.Paces(), _model.Clock.Now);
            var found = _plans.FindNew();
            if (!isOff && found.Count == 0) continue;
            await _idle.Turn.WaitAsync(_closing.Token).ConfigureAwait(false);
            try
            {
                if (isOff) await _plans.MeasureAnewAsync().ConfigureAwait(false);
                foreach (var shape in found) await _plans.AddAsync(shape).ConfigureAwait(false);
            }
            finally
            {
                _idle.Turn.Release();
            }
        }
    }

    /// <summary>Decides whether requests may share runs. Returns the layout if they may.</summary>
    private async Task<BatchLayout?> ProbeAsync(ShapeSample sample, BatchLayout layout)
    {
        await _idle.WaitForIdleAsync(_model.Clock.TimeProvider, _closing.Token).ConfigureAwait(false);
        var lanes = await _lanes.OpenPlanAsync(_lanes.FirstPlan, _closing.Token).ConfigureAwait(false);
        string? problem;
        try
        {
            problem = await Task.Factory.StartNew(() => BatchProbe.FindProblem(lanes, sample, layout, _closing.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is EdgeAIException or InvalidInputException)
        {
            problem = $"a trial run of several rows failed: {exception.Message}";
        }

        Batching = problem is null ? new ModelBatching(true, "rows stay apart in its graph, and in a trial beside extreme ones") : new ModelBatching(false, problem);
        Log.BatchingDecided(_model.Logger, _model.ModelId, problem is null ? "may" : "may not", Batching.Reason);
        if (problem is not null) return null;
        _shapes.SetLayout(layout);
        return layout;
    }
}
