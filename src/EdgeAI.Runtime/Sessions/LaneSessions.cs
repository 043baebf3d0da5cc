using System.Diagnostics.CodeAnalysis;
using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Memory;
using EdgeAI.Profiling;

namespace EdgeAI.Sessions;

/// <summary>
/// The sessions of a plan's lanes. Who runs on one enters before and leaves after it, on one thread. A lane that finds no memory can have all of them closed and opened again, once nobody is inside: a session's
/// arena gives back what it has taken, and what it has torn to pieces, only when it is closed. Thread-safe.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "A hung run never leaves the lock, or its turn: they must not be disposed of under it.")]
internal sealed class LaneSessions
{
    private readonly ModelContext _model;
    private readonly IDevice _device;
    private readonly LanePlan _plan;
    private readonly ReaderWriterLockSlim _use = new(LockRecursionPolicy.NoRecursion);
    private readonly RebuildPause _pause = new();
    private readonly List<LaneRunner> _runners = [];
    private readonly int _runsPerSession;
    private readonly SemaphoreSlim[]? _turns;
    private readonly bool _isHostAccessible;
    private volatile IDeviceSession[] _sessions;
    private volatile BufferPool? _pool;
    private volatile BatchTensors _boundTensors;
    private volatile bool _isFixed;
    private int _generation;

    /// <summary>Takes over sessions that are open.</summary>
    private LaneSessions(ModelContext model, IDevice device, LanePlan plan, IDeviceSession[] sessions)
    {
        (_model, _device, _plan, _sessions) = (model, device, plan, sessions);
        (_runsPerSession, _isHostAccessible) = (sessions[0].MaxConcurrentRuns, sessions[0].Memory.IsHostAccessible);
        AcquirePool();

        // A measurement runs on as many bindings as there are lanes, beside them: where the sessions do not allow that, each run waits for its turn.
        if (_runsPerSession < 2L * plan.Lanes) _turns = [.. sessions.Select(_ => new SemaphoreSlim(_runsPerSession))];
    }

    /// <summary>Those that are open; none where they were closed and could not be opened again.</summary>
    public IReadOnlyList<IDeviceSession> Open => _sessions;

    /// <summary>Bytes that wait in pools of the memory that they use.</summary>
    public long IdleBytes => (long)Pool.IdleBytes;

    private BufferPool Pool => _pool ?? _model.Pools.Host;

    /// <summary>Opens as many as the plan needs. Nothing stays open when it throws.</summary>
    public static async Task<LaneSessions> OpenAsync(ModelContext model, IDevice device, LanePlan plan, bool warmUp, CancellationToken cancellationToken)
    {
        var sessions = await OpenAllAsync(model, device, plan, cancellationToken).ConfigureAwait(false);
        try
        {
            if (warmUp)
            {
                foreach (var session in sessions) await WarmUp.RunAsync(session, model.ModelId, model.Settings, model.Logger, cancellationToken).ConfigureAwait(false);
            }

            return new LaneSessions(model, device, plan, sessions);
        }
        catch
        {
            await DisposeAsync(sessions, model).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>One more session, for a lane that takes the place of a lost one: the caller's. From now on they stay as they are, since a hung run may hold one.</summary>
    public ValueTask<IDeviceSession> OpenAnotherAsync(CancellationToken cancellationToken)
    {
        _isFixed = true;
        return OpenOneAsync(_model, _device, _plan, cancellationToken);
    }

    /// <summary>The session of a lane.</summary>
    /// <param name="lane">From 0.</param>
    /// <exception cref="DeviceFaultException">They were closed and could not be opened again.</exception>
    public IDeviceSession Of(int lane) => Find(lane) ?? throw Closed();

    /// <summary>As <see cref="Of"/>; <see langword="null"/> where they are closed.</summary>
    public IDeviceSession? Find(int lane) => _sessions is { Length: > 0 } open ? open[Math.Min(lane / _runsPerSession, open.Length - 1)] : null;

    /// <summary>A binding on the session of a lane, beside the lane's own; the caller disposes it.</summary>
    /// <exception cref="DeviceFaultException">They were closed and could not be opened again.</exception>
    public ISessionBinding CreateBinding(int lane) => TurnsOf(lane) is { } turns ? new TurnBinding(Of(lane).CreateBinding(), turns) : Of(lane).CreateBinding();

    /// <summary>A runner on the session of a lane; kept on it when sessions are built anew.</summary>
    public LaneRunner CreateRunner(int lane)
    {
        var runner = CreateRunner(Of(lane), TurnsOf(lane));
        lock (_runners) _runners.Add(runner);
        return runner;
    }

    /// <summary>A runner on a session of the caller's own.</summary>
    public LaneRunner CreateRunner(IDeviceSession session) => CreateRunner(session, turns: null);

    /// <summary>Keeps the sessions as they are until <see cref="Leave"/>, on the same thread. Opens them where they are closed and it is time to try again.</summary>
    /// <returns>Which generation of sessions is used: another one once they were built anew.</returns>
    /// <exception cref="DeviceFaultException">They are closed.</exception>
    public int Enter()
    {
        _use.EnterReadLock();
        var generation = _generation;
        if (_sessions.Length > 0) return generation;
        _use.ExitReadLock();
        if (!TryRebuild(generation, CancellationToken.None)) throw Closed();
        return Enter();
    }

    public void Leave() => _use.ExitReadLock();

    /// <summary>Frees the pools' idle blocks of the memory that they use.</summary>
    public void Trim() => Pool.Trim();

    /// <summary>Whether there are newer ones than this generation, or can be: they may be built anew, and were not so just now.</summary>
    public bool MayRenew(int generation)
    {
        lock (_pause) return generation != _generation || (!_isFixed && _pause.IsOver(_model.Clock.Now));
    }

    /// <summary>Closes all and opens them again, waiting until nobody uses them. Blocks: for a lane's thread, between two runs.</summary>
    /// <param name="generation">The one that was too short of memory: where another lane has built them anew since, that is enough.</param>
    /// <param name="cancellationToken">Stops the opening.</param>
    /// <returns>Whether there are newer ones now.</returns>
    public bool TryRebuild(int generation, CancellationToken cancellationToken)
    {
        if (!MayRenew(generation) || !_use.TryEnterWriteLock(_model.Options.AbortTimeout)) return false;
        try
        {
            lock (_pause)
            {
                if (_generation != generation) return _sessions.Length > 0;
                if (_isFixed || !_pause.IsOver(_model.Clock.Now)) return false;

                // Together: who sees the pause sees that there will be newer ones.
                _generation++;
                _pause.Begin(_model.Clock.Now);
            }

            Close();
            Reopen(cancellationToken);
            Log.SessionsRebuilt(_model.Logger, _model.ModelId, _device.Info.Id);
            return true;
        }
        catch (Exception exception)
        {
            Log.SessionsNotRebuilt(_model.Logger, exception, _model.ModelId, _device.Info.Id);
            return false;
        }
        finally
        {
            _use.ExitWriteLock();
        }
    }

    /// <summary>From now on they stay as they are.</summary>
    public void Fix() => _isFixed = true;

    /// <summary>Closes them. The lanes have stopped, but for those that still hold some of them.</summary>
    /// <param name="held">Sessions that stay open.</param>
    public async Task CloseAsync(IReadOnlySet<IDeviceSession> held)
    {
        ReleasePool();
        await DisposeAsync(_sessions.Where(session => !held.Contains(session)), _model).ConfigureAwait(false);
    }

    public static async Task DisposeAsync(IEnumerable<IDeviceSession> sessions, ModelContext model)
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

    private LaneRunner CreateRunner(IDeviceSession session, SemaphoreSlim? turns) => new(session, _device.Info.Id, StagingFor(session), turns, _boundTensors, _model.BatchTensors, _model.Padding);

    private SemaphoreSlim? TurnsOf(int lane) => _turns?[Math.Min(lane / _runsPerSession, _turns.Length - 1)];

    private void Close()
    {
        var closing = _sessions;
        _sessions = [];
        lock (_runners)
        {
            foreach (var runner in _runners) runner.Detach();
        }

        Trim();
        ReleasePool();
        LaneThread.Wait(new ValueTask(DisposeAsync(closing, _model)));
    }

    private void Reopen(CancellationToken cancellationToken)
    {
        var opened = OpenAllAsync(_model, _device, _plan, cancellationToken).GetAwaiter().GetResult();
        _sessions = opened;
        try
        {
            AcquirePool();
            lock (_runners)
            {
                for (var i = 0; i < _runners.Count; i++) _runners[i].Attach(Of(i), StagingFor(Of(i)), _boundTensors);
            }
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>What the device reads and writes lies in its sessions' own memory where the host reaches that too: page-locked, or shared with the device.</summary>
    [MemberNotNull(nameof(_boundTensors))]
    private void AcquirePool()
    {
        var pool = _model.Pools.Acquire(_device.Info.Id, _sessions[0].Memory);
        _boundTensors = _isHostAccessible && pool != _model.Pools.Host ? new BatchTensors(pool, _model.Pools.Host) : _model.BatchTensors;
        _pool = pool;
    }

    private void ReleasePool()
    {
        if (_pool is { } pool) _model.Pools.Release(pool);
        _pool = null;
    }

    private DeviceStaging? StagingFor(IDeviceSession session) => _isHostAccessible ? null : new DeviceStaging(session.Memory, Pool, _model.Pools.Host);

    private DeviceFaultException Closed() => new(
        _device.Info.Id,
        $"{_model.ModelId}: its sessions on {_device.Info.Id} were closed because memory ran out, and could not be opened again yet.",
        new InsufficientMemoryException("The device has no memory for the model's sessions."));

    private static async Task<IDeviceSession[]> OpenAllAsync(ModelContext model, IDevice device, LanePlan plan, CancellationToken cancellationToken)
    {
        var sessions = new List<IDeviceSession>();
        try
        {
            do sessions.Add(await OpenOneAsync(model, device, plan, cancellationToken).ConfigureAwait(false));
            while ((long)sessions.Count * sessions[0].MaxConcurrentRuns < plan.Lanes);
            return [.. sessions];
        }
        catch
        {
            await DisposeAsync(sessions, model).ConfigureAwait(false);
            throw;
        }
    }

    private static ValueTask<IDeviceSession> OpenOneAsync(ModelContext model, IDevice device, LanePlan plan, CancellationToken cancellationToken) =>
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
}
