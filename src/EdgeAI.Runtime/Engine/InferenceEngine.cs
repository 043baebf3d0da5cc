using System.Diagnostics.Metrics;
using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Evaluation;
using EdgeAI.Leases;
using EdgeAI.Memory;
using EdgeAI.Profiling;
using EdgeAI.Requests;
using EdgeAI.Routing;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace EdgeAI.Engine;

/// <summary>The engine: owns the devices, the pools and the models, and disposes them in order.</summary>
internal sealed class InferenceEngine : IInferenceEngine, IDisposable
{
    private readonly EdgeAIOptions _options;
    private readonly DeviceCatalog _devices;
    private readonly MemoryPools _pools;
    private readonly EngineTelemetry _telemetry;
    private readonly DeviceProfiles _profiles;
    private readonly DeviceWatch _watch;
    private readonly LatencyPredictor _predictor = new();
    private readonly Lock _disposing = new();
    private Task? _disposal;

    public InferenceEngine(
        IEnumerable<IDeviceProvider> providers,
        IEnumerable<IBatchingPolicy> policies,
        IEnumerable<IRoutingPolicy> routingPolicies,
        IOptions<EdgeAIOptions> options,
        TimeProvider? timeProvider = null,
        ILoggerFactory? loggerFactory = null,
        IMeterFactory? meterFactory = null)
    {
        _options = options.Value;
        var logger = (loggerFactory ?? NullLoggerFactory.Instance).CreateLogger("EdgeAI.Engine");
        _devices = new DeviceCatalog(providers, logger);
        _pools = new MemoryPools(_options, timeProvider);
        Budgets = new DeviceBudgets(_pools.Budget);
        _telemetry = new EngineTelemetry(meterFactory);
        _telemetry.Observe(Temperatures, _pools.RentedBytes);
        var clock = new Clock(timeProvider ?? TimeProvider.System);
        _profiles = new DeviceProfiles(MeasurementFolder is { } folder ? new ProfileStore(Path.Combine(folder, "devices"), _options.Cache, logger) : null);
        Broker = new DeviceBroker(Budgets, FindDevicesAsync, _profiles.Find);
        var routing = new RoutingPolicies(routingPolicies);
        Registry = new ModelRegistry(new ModelLoader(_devices, Budgets, new BatchingPolicies(policies), routing, Presume, CreateStore(logger), _pools, _options, clock, _telemetry, logger));
        _watch = new DeviceWatch(_devices, Registry, _options.DeviceCheckPeriod, clock.TimeProvider);
        Explainer = new RoutingExplainer(FindSetAsync, Budgets, routing, _profiles, _predictor, _options, clock, logger);
        Evaluator = new DeviceEvaluator(FindDevicesAsync, Broker, _profiles, clock, _options.AbortTimeout);
    }

    public ModelRegistry Registry { get; }

    public DeviceBroker Broker { get; }

    /// <summary>What the devices have to give, to lanes and leases alike.</summary>
    public DeviceBudgets Budgets { get; }

    public DeviceEvaluator Evaluator { get; }

    public RoutingExplainer Explainer { get; }

    public ModelSettings Settings(ModelOptions options) => ModelSettings.From(options, _options);

    public async ValueTask<IReadOnlyList<DeviceSnapshot>> GetDevicesAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfClosing("the engine");
        var devices = await _devices.GetAsync(cancellationToken).ConfigureAwait(false);
        var models = Registry.Loaded;
        return [.. devices.Devices.Select(device => new DeviceSnapshot(device.Info, _profiles.Find(device.Info), Status(device, models)))];
    }

    public async ValueTask<IModelHandle> LoadModelAsync(ModelSource source, ModelOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        options ??= new ModelOptions();
        var errors = ModelOptionsValidator.Check(options);
        if (errors.Count > 0) throw new OptionsValidationException(source.Id, typeof(ModelOptions), errors);
        return await LoadAsync(source, options, cancellationToken).ConfigureAwait(false);
    }

    public async Task<ModelHandle> LoadAsync(ModelSource source, ModelOptions options, CancellationToken cancellationToken)
    {
        ThrowIfClosing(source.Id);
        _watch.Start();
        var settings = Settings(options);
        return new ModelHandle(Registry, settings, await Registry.AcquireAsync(source, settings, options.Progress, cancellationToken).ConfigureAwait(false));
    }

    public ValueTask DisposeAsync()
    {
        lock (_disposing) return new ValueTask(_disposal ??= CloseAsync());
    }

    public void Dispose() => SynchronousDisposal.Run(this);

    private async Task CloseAsync()
    {
        Broker.Dispose();
        await _watch.DisposeAsync().ConfigureAwait(false);
        await Evaluator.DisposeAsync().ConfigureAwait(false);
        await Registry.DisposeAsync().ConfigureAwait(false);
        await _devices.DisposeAsync().ConfigureAwait(false);
        _pools.Dispose();
        _telemetry.Dispose();
    }

    /// <summary>What the device tells of itself; lanes are counted here unless it counts them.</summary>
    private static DeviceStatus Status(IDevice device, IReadOnlyList<LoadedModel> models)
    {
        var status = device.GetStatus();
        return status with { LanesBusy = status.LanesBusy ?? models.Sum(model => model.CountBusyLanes(device.Info.Id)) };
    }

    private async ValueTask<IReadOnlyList<IDevice>> FindDevicesAsync(CancellationToken cancellationToken) => (await FindSetAsync(cancellationToken).ConfigureAwait(false)).Devices;

    private ValueTask<DeviceSet> FindSetAsync(CancellationToken cancellationToken)
    {
        ThrowIfClosing("the engine");
        return _devices.GetAsync(cancellationToken);
    }

    /// <summary>How long a run of one row is expected to take on a device before it has run there; <see langword="null"/> where the device has no profile or the model's shapes are open.</summary>
    private TimeSpan? Presume(ModelDescriptor model, DeviceInfo device) =>
        _profiles.Find(device) is { } profile ? _predictor.Predict(model, null, new DeviceSnapshot(device, profile, default)).Expected : null;

    /// <summary>Where measurements are kept; <see langword="null"/> for nowhere.</summary>
    private string? MeasurementFolder => _options.Cache == MeasurementCache.Off
        ? null
        : _options.CacheFolder ?? CurveFolder.Default(Environment.GetEnvironmentVariable, OperatingSystem.IsWindows(), OperatingSystem.IsMacOS());

    private CurveStore? CreateStore(ILogger logger) => MeasurementFolder is { } folder ? new CurveStore(folder, _options.Cache, logger) : null;

    private void ThrowIfClosing(string what)
    {
        if (Registry.IsClosing) throw Rejection.Create(what, RejectionReason.ShuttingDown);
    }

    private IEnumerable<Measurement<double>> Temperatures()
    {
        if (_devices.Known is not { } known) yield break;
        foreach (var device in known.Devices)
        {
            if (device.GetStatus().TemperatureCelsius is { } celsius) yield return new Measurement<double>(celsius, EngineTelemetry.Device(device.Info.Id));
        }
    }
}
