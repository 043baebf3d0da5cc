using System.Collections.Concurrent;
using EdgeAI.Configuration;
using EdgeAI.Diagnostics;
using EdgeAI.Onnx;
using EdgeAI.Requests;
using EdgeAI.Scheduling;
using EdgeAI.Sessions;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Engine;

/// <summary>A model in service: its descriptor, its queue, and its lanes on each device that it is open on. Shared by all handles of the same source.</summary>
internal sealed class LoadedModel : IAsyncDisposable
{
    private readonly ModelDescriptor _descriptor;
    private readonly ModelSettings _settings;
    private readonly ModelLoader _loader;
    private readonly EdgeAIOptions _options;
    private readonly Clock _clock;
    private readonly ILogger _logger;
    private readonly RequestValidator _validator;
    private readonly InferenceWorkPool _works;
    private readonly EngineTelemetry _telemetry;
    private readonly ConcurrentDictionary<string, Task<DeviceLanes>> _pinned = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _closing = new();
    private DeviceLanes? _default;
    private int _isDisposed;

    public LoadedModel(ModelDescriptor descriptor, ModelSettings settings, ModelLoader loader, EdgeAIOptions options, Clock clock, EngineTelemetry telemetry, ILogger logger)
    {
        _descriptor = descriptor;
        _settings = settings;
        _loader = loader;
        _options = options;
        _clock = clock;
        _logger = logger;
        _validator = new RequestValidator(descriptor.Signature, descriptor.GetService<OnnxModelDescriptor>() is { } onnx ? onnx.NonTensorOutputs.ContainsKey : null);
        _telemetry = telemetry;
        Driver = new SchedulerDriver(new SchedulerLimits(settings.MaxQueueLength, options.AgingPeriod.Ticks), clock);
        _works = new InferenceWorkPool(Id, Signature, Driver, telemetry, settings.MaxQueueLength);
    }

    public string Id => _descriptor.Id;

    public ModelSignature Signature => _descriptor.Signature;

    public SchedulerDriver Driver { get; }

    /// <summary>The device that requests run on unless they name another.</summary>
    public string? DefaultDeviceId => _default?.DeviceId;

    /// <summary>Opens the model on a device and starts its lanes there.</summary>
    public async Task<DeviceLanes> OpenAsync(string? deviceId, bool isDefault, IProgress<ModelLoadProgress>? progress, CancellationToken cancellationToken)
    {
        var lanes = await _loader.OpenAsync(_descriptor, _settings, deviceId, progress, cancellationToken).ConfigureAwait(false);
        lanes.Start(Id, acceptsUnpinned: isDefault, Driver, _clock, _telemetry);
        if (isDefault) _default = lanes;
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

        return TrySubmit(work, cancellationToken);
    }

    public int CountBusyLanes(string deviceId) =>
        (_default is { } lanes && lanes.DeviceId == deviceId ? lanes.BusyCount : 0)
        + (_pinned.TryGetValue(deviceId, out var opening) && opening.IsCompletedSuccessfully ? opening.GetAwaiter().GetResult().BusyCount : 0);

    public object? GetService(Type serviceType) =>
        serviceType == typeof(ModelDescriptor) ? _descriptor : _default?.GetService(serviceType) ?? _descriptor.GetService(serviceType);

    /// <summary>Stops admitting, finishes what was accepted or rejects it after the drain timeout, and frees everything in order.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return;
        await _closing.CancelAsync().ConfigureAwait(false);
        Driver.Drain();
        var opened = await OpenedAsync().ConfigureAwait(false);
        if (!await Driver.Drained.CompletesWithinAsync(_options.DrainTimeout, _clock.TimeProvider).ConfigureAwait(false))
        {
            Driver.Abort();
            foreach (var lanes in opened) lanes.Abort();
        }

        foreach (var lanes in opened) await lanes.StopAsync(Id, _options.AbortTimeout, _clock.TimeProvider).ConfigureAwait(false);
        Driver.Dispose();
        _descriptor.Dispose();
        _closing.Dispose();
        Log.ModelUnloaded(_logger, Id);
    }

    private InferenceWork Prepare(InferenceRequest request, TimeSpan alreadyWaited)
    {
        var work = _works.Rent();
        try
        {
            _validator.Fill(work, request);
        }
        catch
        {
            _works.Return(work);
            throw;
        }

        work.Level = (int)RequestPriority.High - (int)request.Priority;
        work.DeviceId = request.DeviceId;
        work.OrderKey = request.OrderKey;
        work.Deadline = (request.Deadline ?? _settings.DefaultDeadline) is { } deadline ? Due(deadline - alreadyWaited) : WorkItem.NoDeadline;
        return work;
    }

    private long Due(TimeSpan fromNow)
    {
        var now = _clock.Now;
        return fromNow.Ticks > WorkItem.NoDeadline - now ? WorkItem.NoDeadline : now + fromNow.Ticks;
    }

    private bool IsOpenOn(string deviceId) => _pinned.TryGetValue(deviceId, out var open) && open.IsCompletedSuccessfully;

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
            if (_settings.DeviceId is { } only) throw new NoCompatibleDeviceException(Id, [new DeviceRefusal(deviceId, $"the model's options allow {only} alone")]);
            ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
            opening = _pinned.GetOrAdd(deviceId, static (id, model) => Task.Run(() => model.OpenAsync(id, isDefault: false, progress: null, model._closing.Token)), this);
            await opening.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            work.Recycle();

            // A failure is not remembered: the next request tries again.
            if (opening is { IsFaulted: true } or { IsCanceled: true }) _pinned.TryRemove(KeyValuePair.Create(deviceId, opening));
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
        foreach (var opening in _pinned.Values)
        {
            await ((Task)opening).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (opening.IsCompletedSuccessfully) opened.Add(await opening.ConfigureAwait(false));
        }

        return opened;
    }
}
