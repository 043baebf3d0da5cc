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
    private readonly LaneSessions _sessions;
    private readonly Lock _gate = new();
    private readonly List<IDeviceSession> _replacements = [];
    private readonly List<Lane> _lanes = [];
    private readonly MemoryReservation _memory;
    private readonly List<Lane> _lost = [];
    private readonly Dictionary<Lane, Func<IDeviceSession?>> _sessionOf = [];
    private bool _isStopping;

    private PlannedLanes(ModelContext model, IDevice device, LanePlan plan, RoutingDecision routing, LaneSessions sessions, MemoryReservation memory)
    {
        _memory = memory;
        _model = model;
        _device = device;
        Plan = plan;
        _routing = routing;
        _sessions = sessions;
    }

    public LanePlan Plan { get; }

    /// <summary>Known once <see cref="Start"/> was called.</summary>
    public LaneGroup Group { get; private set; } = null!;

    public IReadOnlyList<IDeviceSession> Sessions => _sessions.Open;

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
        var bytes = BytesFor(model.Descriptor, plan);
        if (!budget.Memory.TryReserve(bytes, out var memory, model.ModelId)) throw budget.Memory.Exhausted(bytes);
        try
        {
            return new PlannedLanes(model, device, plan, routing, await LaneSessions.OpenAsync(model, device, plan, warmUp, cancellationToken).ConfigureAwait(false), memory);
        }
        catch
        {
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
            while (runners.Count < Plan.Lanes) runners.Add(_sessions.CreateRunner(runners.Count));
        }
        catch
        {
            foreach (var runner in runners) runner.Dispose();
            throw;
        }

        lock (_gate)
        {
            for (var i = 0; i < runners.Count; i++)
            {
                var index = i;
                StartLane(runners[i], () => _sessions.Find(index));
            }

            _model.Driver.AddLanes(group, _lanes);
        }
    }

    /// <summary>Keeps the sessions as they are while something is measured on them; disposed on the same thread.</summary>
    public SessionUse Use() => new(_sessions);

    /// <summary>A binding of its own for measuring, beside the lanes, within a <see cref="Use"/>; the caller disposes it.</summary>
    /// <param name="index">Which of the plan's lanes it stands for.</param>
    public ISessionBinding CreateBinding(int index) => _sessions.CreateBinding(index);

    /// <summary>Readies a thread of the caller's own for such a binding.</summary>
    public void PrepareThread(int index) => PreparationOf(_sessions.Of(index))?.PrepareThread();

    /// <summary>Indexes of the outputs that are dense tensors.</summary>
    public IReadOnlyList<int> TensorOutputs => _model.TensorOutputs;

    /// <summary>Whether the budget has room for the sessions of a plan.</summary>
    public static bool HasMemoryFor(ModelContext model, DeviceBudget budget, LanePlan plan) =>
        budget.Memory.Available >= Prepacking * BytesFor(model.Descriptor, plan);

    /// <summary>Bytes that the weights of a plan's sessions take.</summary>
    public static long BytesFor(ModelDescriptor model, LanePlan plan) => model.WeightBytes * SessionsOf(plan);

    public bool Contains(LaneSlot lane)
    {
        lock (_gate) return _lanes.Contains(lane);
    }

    /// <summary>
    /// A lane is lost: its callers get their error, and a new one takes its place on a session of its own, because the hung run may hold the old one.
    /// </summary>
    public async Task ReplaceAsync(LaneSlot lost, bool mayReplace)
    {
        _sessions.Fix();
        lock (_gate)
        {
            _lanes.Remove((Lane)lost);
            _lost.Add((Lane)lost);
        }

        ((Lane)lost).Abandon(BatchExecution.Overdue(_model.ModelId, _device.Info.Id));
        if (!mayReplace) return;
        var session = await _sessions.OpenAnotherAsync(CancellationToken.None).ConfigureAwait(false);
        Lane? lane = null;
        bool isTooLate;
        lock (_gate)
        {
            isTooLate = _isStopping;
            if (!isTooLate)
            {
                _replacements.Add(session);
                lane = StartLane(_sessions.CreateRunner(session), () => session);
            }
        }

        if (isTooLate) await LaneSessions.DisposeAsync([session], _model).ConfigureAwait(false);
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
        _sessions.Fix();
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

        var held = HeldSessions();
        await _sessions.CloseAsync(held).ConfigureAwait(false);
        await LaneSessions.DisposeAsync(_replacements.Where(session => !held.Contains(session)), _model).ConfigureAwait(false);
        _memory.Dispose();
    }

    // A session with one thread serves all lanes, others one each: what ONNX Runtime allows.
    private static int SessionsOf(LanePlan plan) => plan.Threads == 1 ? 1 : plan.Lanes;

    /// <summary>The sessions of lost lanes that still hang.</summary>
    private HashSet<IDeviceSession> HeldSessions()
    {
        lock (_gate) return _lost.Where(lane => !lane.Stopped.IsCompleted).Select(lane => _sessionOf[lane]()).OfType<IDeviceSession>().ToHashSet();
    }

    private Lane StartLane(LaneRunner runner, Func<IDeviceSession?> session)
    {
        var execution = new BatchExecution(_model, _device, _routing, runner, _sessions);
        var lane = new Lane(Group, execution, _model.Driver, _model.Clock);
        lane.Start(_lanes.Count, session() is { } open ? PreparationOf(open) : null);
        _lanes.Add(lane);
        _sessionOf[lane] = session;
        return lane;
    }

    private static IThreadPreparation? PreparationOf(IDeviceSession session) => (session as IServiceProvider)?.GetService(typeof(IThreadPreparation)) as IThreadPreparation;
}
