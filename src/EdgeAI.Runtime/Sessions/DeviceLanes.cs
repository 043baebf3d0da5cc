using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Memory;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Sessions;

/// <summary>A model open on one device: its sessions and lanes. Lanes share a session as far as it allows.</summary>
internal sealed class DeviceLanes
{
    private readonly IDevice _device;
    private readonly IReadOnlyList<IDeviceSession> _sessions;
    private readonly IReadOnlyList<LaneRunner> _runners;
    private readonly ModelPlan _plan;
    private readonly RoutingDecision _routing;
    private readonly MemoryPools _pools;
    private readonly BufferPool? _devicePool;
    private readonly ILogger _logger;
    private readonly List<Lane> _lanes = [];

    private DeviceLanes(IDevice device, IReadOnlyList<IDeviceSession> sessions, LanePlan plan, RoutingDecision routing, MemoryPools pools, ILogger logger)
    {
        _device = device;
        _sessions = sessions;
        _plan = new ModelPlan(device.Info.Id, plan.Lanes, plan.Threads, MaxBatch: 1);
        _routing = routing;
        _pools = pools;
        _logger = logger;
        if (!sessions[0].Memory.IsHostAccessible) _devicePool = pools.Create(device.Info.Id, sessions[0].Memory);
        var runners = new List<LaneRunner>();
        _runners = runners;
        try
        {
            while (runners.Count < plan.Lanes) runners.Add(CreateRunner(sessions[runners.Count / sessions[0].MaxConcurrentRuns]));
        }
        catch
        {
            foreach (var runner in runners) runner.Dispose();
            if (_devicePool is not null) pools.Remove(_devicePool);
            throw;
        }
    }

    public string DeviceId => _device.Info.Id;

    public int BusyCount => _lanes.Count(lane => lane.IsBusy);

    public static async Task<DeviceLanes> OpenAsync(
        IDevice device,
        ModelDescriptor descriptor,
        ModelSettings settings,
        RoutingDecision routing,
        MemoryPools pools,
        IProgress<ModelLoadProgress>? progress,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        var plan = LanePlan.For(device.Info, settings);
        var options = new DeviceSessionOptions
        {
            Threads = plan.Threads,
            FreeDimensionOverrides = settings.FreeDimensionOverrides,
            Settings = settings.SessionSettings,
        };
        var sessions = new List<IDeviceSession>();
        try
        {
            do
            {
                sessions.Add(await device.OpenSessionAsync(descriptor, options, cancellationToken).ConfigureAwait(false));
            }
            while ((long)sessions.Count * sessions[0].MaxConcurrentRuns < plan.Lanes);

            if (settings.WarmUp)
            {
                progress?.Report(new(descriptor.Id, ModelLoadStage.WarmingUp, device.Info.Id));
                foreach (var session in sessions) await WarmUp.RunAsync(session, descriptor.Id, settings, logger, cancellationToken).ConfigureAwait(false);
            }

            var lanes = new DeviceLanes(device, sessions, plan, routing, pools, logger);
            Log.ModelLoaded(logger, descriptor.Id, device.Info.Id, plan.Lanes, plan.Threads, routing.Reason);
            return lanes;
        }
        catch
        {
            await DisposeAsync(sessions, descriptor.Id, logger).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Starts the lanes' threads and hands them to the scheduler.</summary>
    public void Start(string modelId, bool acceptsUnpinned, SchedulerDriver driver, Clock clock, EngineTelemetry telemetry)
    {
        foreach (var runner in _runners)
        {
            var lane = new Lane(modelId, _routing, acceptsUnpinned, runner, driver, clock, telemetry);
            lane.Start(_lanes.Count);
            _lanes.Add(lane);
        }

        foreach (var lane in _lanes) driver.AddLane(lane);
    }

    public void Abort()
    {
        foreach (var lane in _lanes) lane.Abort();
    }

    /// <summary>Stops the lanes and frees the sessions. A lane that does not stop in time keeps its session: freeing what native code still uses would crash.</summary>
    public async Task StopAsync(string modelId, TimeSpan timeout, TimeProvider timeProvider)
    {
        foreach (var lane in _lanes) lane.Stop();
        if (!await Task.WhenAll(_lanes.Select(lane => lane.Stopped)).CompletesWithinAsync(timeout, timeProvider).ConfigureAwait(false))
        {
            Log.LanesAbandoned(_logger, modelId, DeviceId, _lanes.Count(lane => !lane.Stopped.IsCompleted));
            return;
        }

        if (_devicePool is not null) _pools.Remove(_devicePool);
        await DisposeAsync(_sessions, modelId, _logger).ConfigureAwait(false);
    }

    /// <summary>The plan, or an optional capability of the sessions, such as the runtime's own object.</summary>
    public object? GetService(Type serviceType) => serviceType == typeof(ModelPlan) ? _plan : (_sessions[0] as IServiceProvider)?.GetService(serviceType);

    private LaneRunner CreateRunner(IDeviceSession session) =>
        new(session, _devicePool is null ? null : new DeviceStaging(session.Memory, _devicePool, _pools.Host));

    private static async Task DisposeAsync(IReadOnlyList<IDeviceSession> sessions, string modelId, ILogger logger)
    {
        foreach (var session in sessions)
        {
            try
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Log.ShutdownFailed(logger, exception, modelId);
            }
        }
    }
}
