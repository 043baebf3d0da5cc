using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Leases;
using EdgeAI.Memory;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;

namespace EdgeAI.Sessions;

/// <summary>
/// The sessions and lanes of a model under one plan on one device. Lanes share a session as far as it allows. Thread-safe.
/// </summary>
internal sealed class PlannedLanes
{
    // Many weights are kept twice, as they are and as kernels want them: what is opened beside a plan that serves must not bring the machine to its limit.
    private const double Prepacking = 1.5;

    private readonly ModelContext _model;
    private readonly IDevice _device;
    private readonly RoutingDecision _routing;
    private readonly BufferPool _pool;
    private readonly BatchTensors _boundTensors;
    private readonly Lock _gate = new();
    private readonly List<IDeviceSession> _sessions;
    private readonly List<IDeviceSession> _replacements = [];
    private readonly List<Lane> _lanes = [];
    private readonly MemoryReservation _memory;
    private readonly List<Lane> _lost = [];
    private readonly Dictionary<Lane, IDeviceSession> _sessionOf = [];
    private bool _isStopping;

    private PlannedLanes(ModelContext model, IDevice device, LanePlan plan, RoutingDecision routing, List<IDeviceSession> sessions, MemoryReservation memory)
    {
        _memory = memory;
        _model = model;
        _device = device;
        Plan = plan;
        _routing = routing;
        _sessions = sessions;
        _pool = model.Pools.Acquire(device.Info.Id, sessions[0].Memory);

        // What the device reads and writes lies in its sessions' own memory where the host reaches that too: page-locked, or shared with the device.
        _boundTensors = sessions[0].Memory.IsHostAccessible && _pool != model.Pools.Host ? new BatchTensors(_pool, model.Pools.Host) : model.BatchTensors;
    }

    public LanePlan Plan { get; }

    /// <summary>Known once <see cref="Start"/> was called.</summary>
    public LaneGroup Group { get; private set; } = null!;

    public IReadOnlyList<IDeviceSession> Sessions => _sessions;

    public int BusyCount
    {
        get
        {
            lock (_gate) return _lanes.Count(lane => lane.IsWorking);
        }
    }

    /// <exception cref="InsufficientMemoryException">The budget has no room for the weights.</exception>
    public static async Task<PlannedLanes> OpenAsync(ModelContext model, IDevice device, DeviceBudget budget, LanePlan plan, RoutingDecision routing, bool warmUp, CancellationToken cancellationToken)
    {
        var bytes = model.Descriptor.WeightBytes * SessionsOf(plan);
        if (!budget.Memory.TryReserve(bytes, out var memory, model.ModelId)) throw budget.Memory.Exhausted(bytes);
        var sessions = new List<IDeviceSession>();
        try
        {
            do sessions.Add(await OpenSessionAsync(model, device, plan, cancellationToken).ConfigureAwait(false));
            while ((long)sessions.Count * sessions[0].MaxConcurrentRuns < plan.Lanes);

            if (warmUp)
            {
                foreach (var session in sessions) await WarmUp.RunAsync(session, model.ModelId, model.Settings, model.Logger, cancellationToken).ConfigureAwait(false);
            }

            return new PlannedLanes(model, device, plan, routing, sessions, memory);
        }
        catch
        {
            await DisposeAsync(sessions, model).ConfigureAwait(false);
            memory.Dispose();
            throw;
        }
    }

    /// <summary>Makes the lanes, starts their threads and hands them to the scheduler. Nothing is left when it throws but the sessions.</summary>
    public void Start(LaneGroup group)
    {
        Group = group;
        var runners = new List<LaneRunner>();
        try
        {
            while (runners.Count < Plan.Lanes) runners.Add(CreateRunner(_sessions[runners.Count / _sessions[0].MaxConcurrentRuns]));
        }
        catch
        {
            foreach (var runner in runners) runner.Dispose();
            throw;
        }

        lock (_gate)
        {
            for (var i = 0; i < runners.Count; i++) StartLane(runners[i], _sessions[i / _sessions[0].MaxConcurrentRuns]);
            _model.Driver.AddLanes(group, _lanes);
        }
    }

    /// <summary>A binding of its own for measuring, beside the lanes; the caller disposes it.</summary>
    /// <param name="index">Which of the plan's lanes it stands for.</param>
    public ISessionBinding CreateBinding(int index) => _sessions[Math.Min(index / _sessions[0].MaxConcurrentRuns, _sessions.Count - 1)].CreateBinding();

    /// <summary>Readies a thread of the caller's own for such a binding.</summary>
    public void PrepareThread(int index) => PreparationOf(_sessions[Math.Min(index / _sessions[0].MaxConcurrentRuns, _sessions.Count - 1)])?.PrepareThread();

    /// <summary>Indexes of the outputs that are dense tensors.</summary>
    public IReadOnlyList<int> TensorOutputs => _model.TensorOutputs;

    /// <summary>Whether the budget has room for the sessions of a plan.</summary>
    public static bool HasMemoryFor(ModelContext model, DeviceBudget budget, LanePlan plan) =>
        budget.Memory.Available >= Prepacking * model.Descriptor.WeightBytes * SessionsOf(plan);

    public bool Contains(LaneSlot lane)
    {
        lock (_gate) return _lanes.Contains(lane);
    }

    /// <summary>
    /// A lane is lost: its callers get their error, and a new one takes its place on a session of its own, because the hung run may hold the old one.
    /// </summary>
    public async Task ReplaceAsync(LaneSlot lost, bool mayReplace)
    {
        lock (_gate)
        {
            _lanes.Remove((Lane)lost);
            _lost.Add((Lane)lost);
        }

        ((Lane)lost).Abandon(BatchExecution.Overdue(_model.ModelId, _device.Info.Id));
        if (!mayReplace) return;
        var session = await OpenSessionAsync(_model, _device, Plan, CancellationToken.None).ConfigureAwait(false);
        Lane? lane = null;
        bool isTooLate;
        lock (_gate)
        {
            isTooLate = _isStopping;
            if (!isTooLate)
            {
                _replacements.Add(session);
                lane = StartLane(CreateRunner(session), session);
            }
        }

        if (isTooLate) await DisposeAsync([session], _model).ConfigureAwait(false);
        else _model.Driver.AddLane(lane!);
    }

    public void Abort()
    {
        lock (_gate)
        {
            foreach (var lane in _lanes) lane.Abort();
        }
    }

    /// <summary>Stops the lanes and frees the sessions. A lane that does not stop in time keeps its session: freeing what native code still uses would crash.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        Task[] stopped;
        lock (_gate)
        {
            _isStopping = true;
            foreach (var lane in _lanes) lane.Retire();
            stopped = [.. _lanes.Select(lane => lane.Stopped)];
        }

        if (!await Task.WhenAll(stopped).CompletesWithinAsync(timeout, _model.Clock.TimeProvider).ConfigureAwait(false))
        {
            Log.LanesAbandoned(_model.Logger, _model.ModelId, _device.Info.Id, stopped.Count(task => !task.IsCompleted));
            return;
        }

        _model.Pools.Release(_pool);
        await DisposeAsync(FreeSessions(), _model).ConfigureAwait(false);
        _memory.Dispose();
    }

    // A session with one thread serves all lanes, others one each: what ONNX Runtime allows.
    private static int SessionsOf(LanePlan plan) => plan.Threads == 1 ? 1 : plan.Lanes;

    /// <summary>The sessions that no run holds any more: not those of lost lanes that still hang.</summary>
    private List<IDeviceSession> FreeSessions()
    {
        lock (_gate)
        {
            var held = _lost.Where(lane => !lane.Stopped.IsCompleted).Select(lane => _sessionOf[lane]).ToHashSet();
            return [.. _sessions.Concat(_replacements).Where(session => !held.Contains(session))];
        }
    }

    private Lane StartLane(LaneRunner runner, IDeviceSession session)
    {
        var execution = new BatchExecution(_model, _device, _routing, runner);
        var lane = new Lane(Group, execution, _model.Driver, _model.Clock);
        lane.Start(_lanes.Count, PreparationOf(session));
        _lanes.Add(lane);
        _sessionOf[lane] = session;
        return lane;
    }

    private static IThreadPreparation? PreparationOf(IDeviceSession session) => (session as IServiceProvider)?.GetService(typeof(IThreadPreparation)) as IThreadPreparation;

    private LaneRunner CreateRunner(IDeviceSession session) =>
        new(session, _device.Info.Id, session.Memory.IsHostAccessible ? null : new DeviceStaging(session.Memory, _pool, _model.Pools.Host), _boundTensors, _model.BatchTensors, _model.Padding);

    private static ValueTask<IDeviceSession> OpenSessionAsync(ModelContext model, IDevice device, LanePlan plan, CancellationToken cancellationToken) =>
        device.OpenSessionAsync(
            model.Descriptor,
            new DeviceSessionOptions
            {
                Threads = plan.Threads,
                Lanes = plan.Lanes,
                FreeDimensionOverrides = model.Settings.FreeDimensionOverrides,
                Settings = model.Settings.SessionSettings,
            },
            cancellationToken);

    private static async Task DisposeAsync(IReadOnlyList<IDeviceSession> sessions, ModelContext model)
    {
        foreach (var session in sessions)
        {
            try
            {
                await session.DisposeAsync().ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                Log.ShutdownFailed(model.Logger, exception, model.ModelId);
            }
        }
    }
}
