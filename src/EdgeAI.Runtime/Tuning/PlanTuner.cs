using EdgeAI.Batching;
using EdgeAI.Diagnostics;
using EdgeAI.Onnx;
using EdgeAI.Profiling;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>
/// Finds out in the background how a model is best served: whether its requests may share runs, and with which lanes, threads and batch sizes. Measures only
/// while the engine is idle, and gives way to requests between two runs. Thread-safe.
/// </summary>
internal sealed class PlanTuner : IPlanTuning, IAsyncDisposable
{
    // What is measured at most; more rows than this in a run are not worth their latency on any device that a request waits for.
    private const int MostRows = 256;

    private readonly ModelContext _model;
    private readonly DeviceLanes _lanes;
    private readonly ShapeGroups _shapes;
    private readonly IdleWatch _idle;
    private readonly CurveStore? _store;
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
        _store = store;
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
            if (ShapeSample.From(_model.Descriptor.Signature, settings.ProfileShapes is [var first, ..] ? first : null, settings.FreeDimensionOverrides, layout) is { } known) _sample.TrySetResult(known);
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

    private async Task MeasureAsync(ShapeSample sample, BatchLayout? layout)
    {
        var key = _store is null ? null : ModelIdentity.KeyOf(_model.Descriptor, _model.Settings, _lanes.Device.Info, sample, layout);
        var cached = key is null ? null : _store!.TryLoad(key);
        var candidates = PlanCandidates.For(_lanes.Device.Info, _model.Settings);
        if (cached is not null && !cached.Curves.All(curves => candidates.Contains(curves.Plan))) cached = null;

        var open = new Dictionary<LanePlan, PlannedLanes>();
        try
        {
            var result = cached ?? await SweepAsync(candidates, open, sample, layout).ConfigureAwait(false);
            if (result is null) return;
            if (cached is null && key is not null) _store!.Save(key, result);
            await AdoptAsync(result, open, sample, layout, cached is null ? "measured" : "measured before").ConfigureAwait(false);
        }
        finally
        {
            await _lanes.CloseUnusedAsync(open.Values).ConfigureAwait(false);
        }
    }

    private async Task<SweepResult?> SweepAsync(IReadOnlyList<LanePlan> candidates, Dictionary<LanePlan, PlannedLanes> open, ShapeSample sample, BatchLayout? layout)
    {
        var sweep = new PlanSweep(candidates, layout is null ? 1 : Math.Min(MostRows, _model.Settings.MaxBatch ?? MostRows), _model.Settings.Goal, (plan, _) => open.ContainsKey(plan) || _lanes.HasMemoryFor(plan));
        while (sweep.Next() is { } step)
        {
            await _idle.WaitForIdleAsync(_model.Clock.TimeProvider, _closing.Token).ConfigureAwait(false);
            try
            {
                if (!open.TryGetValue(step.Plan, out var lanes)) open[step.Plan] = lanes = await _lanes.OpenPlanAsync(step.Plan, _closing.Token).ConfigureAwait(false);
                var measured = await new Measurement(lanes, sample, layout, _model.Clock, () => !_idle.IsIdle).RunAsync(step, _closing.Token).ConfigureAwait(false);

                // A request came in between: the same step again when it is quiet.
                if (measured is { } timed) sweep.Report(step, timed.RunTicks, timed.WallTicks);
            }
            catch (Exception exception) when (exception is EdgeAIException or InvalidInputException or OutOfMemoryException)
            {
                sweep.Fail(step);
            }
        }

        return sweep.HasResult ? sweep.Result : null;
    }

    private async Task AdoptAsync(SweepResult result, Dictionary<LanePlan, PlannedLanes> open, ShapeSample sample, BatchLayout? layout, string reason)
    {
        var ladder = PlanLadder.Build(result, _model.Settings.Goal, plan => open.ContainsKey(plan) || _lanes.HasMemoryFor(plan));
        foreach (var step in ladder)
        {
            if (!open.ContainsKey(step.Plan)) open[step.Plan] = await _lanes.OpenPlanAsync(step.Plan, _closing.Token).ConfigureAwait(false);
        }

        var inputs = sample.Create(layout, rows: 1);
        try
        {
            var outputs = Enumerable.Range(0, _model.Descriptor.Signature.Outputs.Count).ToArray();
            var shape = _shapes.Find(inputs, outputs, out _);
            await _lanes.AdoptAsync([.. ladder.Select(step => (open[step.Plan], _model.Settings.MaxBatch is { } most ? Math.Min(most, step.MaxBatch) : step.MaxBatch, step.MinConcurrency))]).ConfigureAwait(false);
            _model.Driver.Update(_lanes.DeviceId, () =>
            {
                foreach (var step in ladder) shape.CostsOn(open[step.Plan].Group).Replace(step.Curves.Alone, step.Curves.Crowded);
            });
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }

        foreach (var step in ladder)
        {
            Log.PlanChosen(_model.Logger, _model.ModelId, _lanes.DeviceId, step.Plan.Lanes, step.Plan.Threads, step.MaxBatch, $"{reason}, {(step.MinConcurrency == PlanLadder.Contender ? "where it proves better under load" : $"from {step.MinConcurrency} request(s) in flight on")}");
        }
    }
}
