using System.Collections.Concurrent;
using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Diagnostics;
using EdgeAI.Onnx;
using EdgeAI.Requests;
using EdgeAI.Scheduling;
using EdgeAI.Sessions;
using EdgeAI.Tuning;

namespace EdgeAI.Engine;

/// <summary>A model in service: its descriptor, its queue, and its lanes on each device that it is open on. Shared by all handles of the same source.</summary>
internal sealed class LoadedModel : IAsyncDisposable
{
    private readonly ModelContext _model;
    private readonly ModelLoader _loader;
    private readonly RequestValidator _validator;
    private readonly InferenceWorkPool _works;
    private readonly SplitRun _split;
    private readonly ShapeGroups _shapes;
    private readonly ConcurrentDictionary<string, Task<DeviceLanes>> _others = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private readonly IdleWatch _idle;
    private DeviceLanes? _default;
    private PlanTuner? _tuner;
    private volatile PlanTuner[] _tuners = [];
    private readonly List<DeviceLanes> _members = [];
    private readonly TaskCompletionSource _joined = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _joining = Task.CompletedTask;
    private readonly DeviceProof? _proof;
    private StatusWatch? _watch;
    private int _isDisposed;

    public LoadedModel(ModelDescriptor descriptor, ModelSettings settings, ModelLoader loader, IBatchingPolicy policy, IRoutingPolicy routing)
    {
        _loader = loader;
        _idle = loader.Idle;
        var options = loader.Options;
        var limits = new SchedulerLimits
        {
            MaxQueueLength = settings.MaxQueueLength,
            MaxQueueDelay = settings.MaxQueueDelay.Ticks,
            AgingPeriod = options.AgingPeriod.Ticks,
            MaxBatchWait = settings.MaxBatchWait.Ticks,
            RunTimeout = settings.RunTimeout.Ticks,
            AbortTimeout = options.AbortTimeout.Ticks,
        };
        _model = loader.CreateContext(descriptor, settings, new SchedulerDriver(limits, policy, loader.Clock, routing) { LaneLost = ReplaceLost });
        _validator = new RequestValidator(descriptor.Signature, descriptor.GetService<OnnxModelDescriptor>() is { } onnx ? onnx.NonTensorOutputs.ContainsKey : null);
        _works = new InferenceWorkPool(Id, Signature, Driver, loader.Telemetry, settings.MaxQueueLength);
        _shapes = new ShapeGroups(Signature);
        _split = new SplitRun(_works, _model.BatchTensors, TrySubmit);
        ReadDeclaredAxes();
        if (options.MeasureInBackground || settings.ParityTolerance is not null) _proof = new DeviceProof(_model, request => TryRun(request, TimeSpan.Zero, _closing.Token));
        _idle.Add(Driver);
    }

    public string Id => _model.ModelId;

    public ModelSignature Signature => _model.Descriptor.Signature;

    public SchedulerDriver Driver => _model.Driver;

    /// <summary>The device that requests run on unless they name another.</summary>
    public string? DefaultDeviceId => _default?.DeviceId;

    /// <summary>Completes when every other device that may take requests has joined or was left out.</summary>
    public Task Joined => _joined.Task;

    /// <summary>Opens the model on the device that answers first, and starts its lanes there.</summary>
    public async Task OpenAsync(string? deviceId, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        _default = await StartLanesAsync(deviceId, acceptsUnpinned: true, progress, cancellationToken).ConfigureAwait(false);
        _tuner = PlanTuner.Start(_model, _default, _shapes, _idle, _loader.Curves);
        _tuners = [_tuner];
    }

    /// <summary>Opens the model in the background on the other devices that can run all of it; each takes its share of the requests as soon as it is ready.</summary>
    public void JoinOthers()
    {
        if (_model.Settings.DeviceId is not null || _model.Settings.MaxDevices == 1)
        {
            _joined.TrySetResult();
            return;
        }

        lock (_members)
        {
            if (_isDisposed == 0 && _joining.IsCompleted) _joining = Task.Run(JoinOthersAsync);
        }
    }

    /// <summary>Devices have come or gone.</summary>
    /// <param name="present">The identifiers of those that are there.</param>
    public void DevicesChanged(IReadOnlySet<string> present)
    {
        Driver.SetPresent(present);
        JoinOthers();
    }

    private async Task JoinOthersAsync()
    {
        try
        {
            var others = await _loader.FindOthersAsync(_model, _default!.DeviceId, _closing.Token).ConfigureAwait(false);
            var joined = new List<DeviceLanes>();
            if (_proof is not null && others.Count > 0) await _proof.LearnAsync(_default.DeviceId).ConfigureAwait(false);
            foreach (var device in others)
            {
                if (_members.Exists(lanes => lanes.Device == device)) continue;
                if (_members.Count + joined.Count + 1 >= _model.Settings.MaxDevices) break;
                if (await JoinAsync(device.Info.Id).ConfigureAwait(false) is { } lanes) joined.Add(lanes);
            }

            if (joined.Count == 0) return;
            _members.AddRange(joined);
            _watch?.Dispose();
            _watch = new StatusWatch(_model, [_default, .. _members], _proof);
            _joined.TrySetResult();
            await _tuner!.WaitUntilSettledAsync(_closing.Token).ConfigureAwait(false);
            foreach (var lanes in joined) _tuners = [.. _tuners, PlanTuner.Start(_model, lanes, _shapes, _idle, _loader.Curves, _tuner.Batching)];
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // The model is closing.
        }
        catch (Exception exception)
        {
            Log.DeviceNotJoined(_model.Logger, exception, Id, "other devices");
        }
        finally
        {
            _joined.TrySetResult();
        }
    }

    private async Task<DeviceLanes?> JoinAsync(string deviceId)
    {
        var opening = _others.GetOrAdd(deviceId, static (id, model) => Task.Run(() => model.OpenOtherAsync(id, acceptsUnpinned: model._proof is null)), this);
        try
        {
            var lanes = await opening.ConfigureAwait(false);
            if (_proof is not null) await _proof.LearnAsync(deviceId).ConfigureAwait(false);
            if (_model.Settings.ParityTolerance is not null && _proof?.FindDisparity(_default!.DeviceId, deviceId) is { } outputs)
            {
                Log.DeviceDisagrees(_model.Logger, Id, deviceId, _default!.DeviceId, outputs);
                return null;
            }

            // A request that names the device may have been first to open it.
            lanes.Share();
            return lanes;
        }
        catch (Exception exception) when (!_closing.IsCancellationRequested)
        {
            _others.TryRemove(KeyValuePair.Create(deviceId, opening));
            Log.DeviceNotJoined(_model.Logger, exception, Id, deviceId);
            return null;
        }
    }

    private Task<DeviceLanes> OpenOtherAsync(string deviceId, bool acceptsUnpinned) => StartLanesAsync(deviceId, acceptsUnpinned, progress: null, _closing.Token);

    private async Task<DeviceLanes> StartLanesAsync(string? deviceId, bool acceptsUnpinned, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        var lanes = await _loader.OpenAsync(_model, deviceId, progress, cancellationToken).ConfigureAwait(false);
        if (_loader.Presume(_model, lanes.Device.Info) is { } run) Driver.Presume(lanes.DeviceId, run.Ticks);
        await lanes.StartAsync(acceptsUnpinned).ConfigureAwait(false);
        return lanes;
    }

    /// <summary>Accepts a request, or returns <see langword="null"/> when the model is closing.</summary>
    /// <param name="request">The request.</param>
    /// <param name="alreadyWaited">What of its deadline is used up.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <exception cref="InvalidInputException">The request does not fit the signature.</exception>
    public Task<InferenceResponse>? TryRun(InferenceRequest request, TimeSpan alreadyWaited, CancellationToken cancellationToken)
    {
        var work = Prepare(request, alreadyWaited);
        if (work.DeviceId is { } deviceId && deviceId != _default?.DeviceId && !IsOpenOn(deviceId)) return OpenAndRunAsync(work, deviceId, cancellationToken);

        return work is { Rows: > 1, IsStackable: true } && Driver.MaxRowsFor(work) is { } most && most < work.Rows
            ? _split.Run(work, most, cancellationToken)
            : TrySubmit(work, cancellationToken);
    }

    public int CountBusyLanes(string deviceId) =>
        (_default is { } lanes && lanes.DeviceId == deviceId ? lanes.BusyCount : 0)
        + (_others.TryGetValue(deviceId, out var opening) && opening.IsCompletedSuccessfully ? opening.GetAwaiter().GetResult().BusyCount : 0);

    public object? GetService(Type serviceType) =>
        serviceType == typeof(LoadedModel) ? this
        : serviceType == typeof(ModelDescriptor) ? _model.Descriptor
        : serviceType == typeof(ModelBatching) ? _tuner?.Batching
        : serviceType == typeof(IPlanTuning) ? _tuner
        : _default?.GetService(serviceType) ?? _model.Descriptor.GetService(serviceType);

    /// <summary>Stops admitting, finishes what was accepted or rejects it after the drain timeout, and frees everything in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        Driver.Drain();
        // The time counts from now, not from when measuring has stopped.
        var drained = Driver.Drained.CompletesWithinAsync(_model.Options.DrainTimeout, _model.Clock.TimeProvider);
        await _closing.CancelAsync().ConfigureAwait(false);
        Task joining;
        lock (_members) joining = _joining;
        await joining.ConfigureAwait(false);
        _watch?.Dispose();
        foreach (var tuner in _tuners) await tuner.DisposeAsync().ConfigureAwait(false);
        var opened = await OpenedAsync().ConfigureAwait(false);
        if (!await drained.ConfigureAwait(false))
        {
            Driver.Abort();
            foreach (var lanes in opened) lanes.Abort();
        }

        foreach (var lanes in opened) await lanes.StopAsync(_model.Options.AbortTimeout).ConfigureAwait(false);
        _proof?.Dispose();
        _idle.Remove(Driver);
        Driver.Dispose();
        _model.Descriptor.Dispose();
        _closing.Dispose();
        Log.ModelUnloaded(_model.Logger, Id);
    }

    private InferenceWork Prepare(InferenceRequest request, TimeSpan alreadyWaited)
    {
        var work = _works.Rent();
        try
        {
            _validator.Fill(work, request);
            if (_model.Padding is { } padding && request.AllowBatching && request.Outputs.Count == 0) work.UnfilledLength = padding.Fill(work.Inputs);
        }
        catch
        {
            work.Recycle();
            throw;
        }

        work.Level = (int)RequestPriority.High - (int)request.Priority;
        work.DeviceId = request.DeviceId;
        work.OrderKey = request.OrderKey;
        foreach (var tuner in _tuners)
        {
            if (tuner.WantsSample) tuner.Offer(work.Inputs);
        }

        work.Shape = _shapes.Find(work.Inputs, work.Outputs.Indexes, out var rows);
        work.Rows = rows;
        work.IsStackable = request.AllowBatching && work.Shape.IsStackable && work.HasReachableDestinations;
        work.Deadline = (request.Deadline ?? _model.Settings.DefaultDeadline) is { } deadline ? Due(deadline - alreadyWaited) : WorkItem.NoDeadline;
        return work;
    }

    private void ReadDeclaredAxes()
    {
        if (_model.Settings.BatchAxes.Count == 0) return;
        _shapes.SetLayout(BatchLayout.FromDeclaration(_model.Settings.BatchAxes, Signature, out var problem) ?? throw new ModelLoadException($"{problem}.", Id));
    }

    private void ReplaceLost(LaneSlot lane)
    {
        _default?.ReplaceLost(lane);
        foreach (var opening in _others.Values)
        {
            if (opening.IsCompletedSuccessfully) opening.GetAwaiter().GetResult().ReplaceLost(lane);
        }
    }

    private long Due(TimeSpan fromNow)
    {
        var now = _model.Clock.Now;
        return fromNow.Ticks > WorkItem.NoDeadline - now ? WorkItem.NoDeadline : now + fromNow.Ticks;
    }

    private bool IsOpenOn(string deviceId) => _others.TryGetValue(deviceId, out var open) && open.IsCompletedSuccessfully;

    private Task<InferenceResponse>? TrySubmit(InferenceWork work, CancellationToken cancellationToken)
    {
        var completion = work.Begin(cancellationToken);
        if (Driver.TrySubmit(work)) return completion;
        work.Recycle();
        return null;
    }

    /// <summary>The first request that names a device opens the model there; the time counts against its deadline.</summary>
    private async Task<InferenceResponse> OpenAndRunAsync(InferenceWork work, string deviceId, CancellationToken cancellationToken)
    {
        Task<DeviceLanes>? opening = null;
        try
        {
            if (_model.Settings.DeviceId is { } only) throw new NoCompatibleDeviceException(Id, [new DeviceRefusal(deviceId, $"the model's options allow {only} alone")]);
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            opening = _others.GetOrAdd(deviceId, static (id, model) => Task.Run(() => model.OpenOtherAsync(id, acceptsUnpinned: false)), this);
            await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            work.Recycle();

            // A failure is not remembered: the next request tries again.
            if (opening is { IsFaulted: true } or { IsCanceled: true }) _others.TryRemove(KeyValuePair.Create(deviceId, opening));
            if (_isDisposed != 0 && exception is OperationCanceledException or ObjectDisposedException) throw Rejection.Create(Id, RejectionReason.ShuttingDown);
            throw;
        }

        var run = TrySubmit(work, cancellationToken) ?? throw Rejection.Create(Id, RejectionReason.ShuttingDown);
        return await run.ConfigureAwait(false);
    }

    private async Task<List<DeviceLanes>> OpenedAsync()
    {
        var opened = new List<DeviceLanes>();
        if (_default is not null) opened.Add(_default);
        foreach (var opening in _others.Values)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) opened.Add(await opening.ConfigureAwait(false));
        }

        return opened;
    }
}
