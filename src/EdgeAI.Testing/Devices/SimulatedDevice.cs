using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>
/// A device that exists in software only: it takes scripted time or the time that its rates and bandwidths make, warms up and slows down, fails when told to,
/// counts everything, and answers by a known rule. It is also the handle by which a test drives it. Thread-safe; every setting may be changed while it works.
/// </summary>
/// <remarks>
/// Time comes from a <see cref="TimeProvider"/>. With virtual time, wait until a run's timer is set before advancing the clock:
/// <c>await device.WhenAsync(s => s.Waiting == 1)</c>. A run without latency completes on its caller's thread; one with latency completes on
/// the thread that advances virtual time, or on a timer's thread. The order of runs decides everything random, by the seed.
/// </remarks>
public sealed class SimulatedDevice : IDevice, IDisposable
{
    /// <summary>The provider that simulated devices belong to.</summary>
    public const string ProviderName = "simulated";

    private readonly SimulatedDeviceOptions _options;
    private readonly SeededSequence _random;
    private readonly RunLedger _ledger;
    private readonly SimulatedMemory _memory;
    private readonly DevicePhysics _physics;
    private readonly Presence _presence = new();
    private readonly Lock _gate = new();
    private readonly long _made;
    private DeviceStatus _status = new() { Health = DeviceHealth.Healthy };
    private LatencyCurve _latency;
    private long _runNumber;
    private long _fragmentedOpenings;
    private volatile bool _isLost;
    private volatile bool _isDisposed;

    /// <summary>Makes a device.</summary>
    /// <param name="id">Unique among all devices of the engine, such as <c>sim:0</c>.</param>
    /// <param name="options">Its behaviour; <see langword="null"/>: all defaults.</param>
    /// <param name="timeProvider">Its clock; <see langword="null"/>: <see cref="TimeProvider.System"/>.</param>
    /// <exception cref="ArgumentException">Options are out of range: lists every problem.</exception>
    public SimulatedDevice(string id, SimulatedDeviceOptions? options = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(id);
        _options = options ?? new SimulatedDeviceOptions();
        SimulatedDeviceOptionsCheck.ThrowIfInvalid(_options);
        Time = timeProvider ?? TimeProvider.System;
        Info = SimulatedFacts.Describe(id, ProviderName, _options);
        _random = new SeededSequence(_options.Seed);
        _ledger = new RunLedger(_options.RunLogLength);
        _physics = new DevicePhysics(_options, () => Elapsed);
        _memory = new SimulatedMemory(id, _options.MemoryBytes, (nuint)_options.Alignment, _options.IsHostAccessible, (bytes, token) => WaitAsync(_physics.TransferOf(bytes), token));
        _latency = _options.Latency;
        _made = Time.GetTimestamp();
    }

    /// <inheritdoc/>
    public DeviceInfo Info { get; }

    /// <summary>When the device fails.</summary>
    public SimulatedFaults Faults { get; } = new();

    /// <summary>The device's memory, shared by its sessions.</summary>
    public IDeviceMemory Memory => _memory;

    /// <summary>How long runs take from now on. Runs that have begun keep theirs.</summary>
    public LatencyCurve Latency
    {
        get => Volatile.Read(ref _latency);
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            Volatile.Write(ref _latency, value);
        }
    }

    /// <summary>Degrees Celsius around the device from now on: put it into the sun.</summary>
    public double AmbientCelsius
    {
        get => _physics.AmbientCelsius;
        set => _physics.AmbientCelsius = value;
    }

    /// <summary>Time since the device was made: what scripts by time count in.</summary>
    public TimeSpan Elapsed => Time.GetElapsedTime(_made);

    /// <summary>Whether the device is here now: neither lost nor pulled out.</summary>
    public bool IsPresent => !_isLost && _presence.At(Elapsed).IsHere;

    /// <summary>The device's true figures, as a perfect measurement at full speed would find them.</summary>
    public DeviceProfile TrueProfile => SimulatedFacts.Measure(_options, Time.GetUtcNow());

    /// <summary>Whether the device is gone for good. Once <see langword="true"/>, it stays so.</summary>
    public bool IsLost => _isLost;

    /// <summary>What the device has counted so far.</summary>
    public SimulatedDeviceStatistics Statistics
    {
        get
        {
            var (live, peak, allocated, buffers) = _memory.Usage;
            return _ledger.Statistics with { LiveBytes = live, PeakBytes = peak, AllocatedBytes = allocated, LiveBuffers = buffers, EnergyJoules = _physics.Joules };
        }
    }

    /// <summary>The latest runs that began, oldest first; at most <see cref="SimulatedDeviceOptions.RunLogLength"/>.</summary>
    public IReadOnlyList<SimulatedRun> Runs => _ledger.Runs;

    /// <summary>
    /// How the device was misused, each as a sentence; empty where its caller kept the contracts: more runs at once than
    /// <see cref="IDeviceSession.MaxConcurrentRuns"/>, one binding run twice at once, a session disposed before its bindings, a device before its sessions.
    /// </summary>
    public IReadOnlyList<string> Violations => _ledger.Violations;

    internal TimeProvider Time { get; }

    internal SimulatedDeviceOptions Options => _options;

    internal RunLedger Ledger => _ledger;

    internal SimulatedMemory SimulatedMemory => _memory;

    internal SeededSequence Random => _random;

    internal DevicePhysics Physics => _physics;

    /// <summary>How often the device has been pulled out: a session of an earlier stay is dead.</summary>
    internal int Departures => _presence.At(Elapsed).Departures;

    /// <summary>Sets what <see cref="GetStatus"/> reports.</summary>
    /// <param name="change">
    /// From the status set last to the new one. What is left <see langword="null"/> is counted (<see cref="DeviceStatus.LanesBusy"/>, <see cref="DeviceStatus.FreeMemoryBytes"/>) or
    /// follows from the physical options, and is unknown where those are not set. At first the device is healthy and nothing else is set.
    /// </param>
    public void SetStatus(Func<DeviceStatus, DeviceStatus> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate) _status = change(_status);
    }

    /// <summary>Pulls the device out: as <see cref="SimulatedFault.Lost"/>, without waiting for a run. Runs in flight fail when their time is up.</summary>
    public void Lose() => _isLost = true;

    /// <summary>
    /// Leaves the memory in pieces that are too small: every run of a session that is open now suffers <see cref="SimulatedFault.OutOfMemory"/>, whatever <see cref="Faults"/> says, until the session is closed and
    /// another is opened in its place. What real runtimes' arenas do under changing lengths.
    /// </summary>
    public void FragmentMemory() => Volatile.Write(ref _fragmentedOpenings, _ledger.Statistics.Openings);

    /// <summary>
    /// Pulls the device out for a while: discovery no longer finds it, openings fail, and runs of sessions that were open fail when their time is up, also after
    /// <see cref="Appear"/>. Does nothing while it is out.
    /// </summary>
    public void Vanish() => VanishAt(Elapsed);

    /// <summary>Puts the device back: discovery finds it again, and new sessions open. Does nothing while it is in.</summary>
    public void Appear() => AppearAt(Elapsed);

    /// <summary>Pulls the device out at a time, as <see cref="Vanish"/>.</summary>
    /// <param name="at">Since the device was made, zero or more.</param>
    public void VanishAt(TimeSpan at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, TimeSpan.Zero);
        _presence.Change(at, isHere: false);
    }

    /// <summary>Puts the device back at a time, as <see cref="Appear"/>.</summary>
    /// <param name="at">Since the device was made, zero or more.</param>
    public void AppearAt(TimeSpan at)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(at, TimeSpan.Zero);
        _presence.Change(at, isHere: true);
    }

    /// <summary>Takes memory as another process would; disposing gives it back.</summary>
    /// <param name="byteLength">Bytes, 0 or more.</param>
    /// <exception cref="OutOfMemoryException">There are not as many free.</exception>
    public IDisposable OccupyMemory(long byteLength)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(byteLength);
        return new OccupiedMemory(_memory, (nuint)byteLength);
    }

    /// <inheritdoc/>
    public DeviceStatus GetStatus()
    {
        DeviceStatus status;
        lock (_gate) status = _status;
        return _physics.Read(status) with
        {
            Health = IsPresent ? status.Health : DeviceHealth.Failed,
            LanesBusy = status.LanesBusy ?? _ledger.InFlight,
            FreeMemoryBytes = status.FreeMemoryBytes ?? (_options.MemoryBytes - _memory.LiveBytes),
        };
    }

    /// <inheritdoc/>
    public DeviceSupport Evaluate(ModelDescriptor model)
    {
        ArgumentNullException.ThrowIfNull(model);
        if (_options.SupportsOperator is { } supports && model.Operators.FirstOrDefault(use => !supports(use)) is { } unknown)
        {
            var reason = $"the operator {unknown.QualifiedName} is not supported";
            return _options.RunsUnsupportedOperatorsElsewhere
                ? DeviceSupport.Partial(reason)
                : DeviceSupport.None(reason) with { UnknownOperator = unknown.QualifiedName };
        }

        return _options.MemoryBytes < model.WeightBytes
            ? DeviceSupport.None($"its weights take {model.WeightBytes} bytes but the device has {_options.MemoryBytes}")
            : _options.Support;
    }

    /// <inheritdoc/>
    public async ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var number = _ledger.CountOpening();
        if (Evaluate(model) is { Level: DeviceSupportLevel.None } refusal)
        {
            throw new ModelLoadException($"{Info.Id} cannot run it: {refusal.Reason}.", model.Id) { UnknownOperator = refusal.UnknownOperator };
        }

        await WaitAsync(_options.OpeningLatency, cancellationToken).ConfigureAwait(false);
        var departures = Departures;
        await StrikeAsync(Faults.ForOpening(number), departures, $"opening {number} of {model.Id}", cancellationToken).ConfigureAwait(false);
        return new SimulatedSession(this, model, options, number, departures);
    }

    /// <summary>Waits until a condition on the counts holds. It is looked at now, and whenever a run, binding or session begins, waits or ends.</summary>
    /// <param name="condition">Quick and free of side effects.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task WhenAsync(Func<SimulatedDeviceStatistics, bool> condition, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return _ledger.WhenAsync(() => condition(Statistics), cancellationToken);
    }

    /// <summary>Ends the device; open sessions are then a violation. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        var open = _ledger.Statistics.OpenSessions;
        if (open > 0) _ledger.AddViolation($"{Info.Id} was disposed while {open} of its sessions were open.");
    }

    /// <inheritdoc cref="Dispose"/>
    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>The next run of the device.</summary>
    internal SimulatedRun NextRun(SimulatedSession session, int batchSize)
    {
        var number = Interlocked.Increment(ref _runNumber);
        var started = Elapsed;
        var fault = _isLost ? SimulatedFault.Lost : session.Opening <= Volatile.Read(ref _fragmentedOpenings) ? SimulatedFault.OutOfMemory : Faults.ForRun(number, started, _random);
        var latency = session.Latency?.At(batchSize) ?? (Latency.At(batchSize) + _physics.DurationOf(session.Cost, batchSize));
        var speed = _physics.SpeedOfNextRun();
        if (_options.Jitter > 0) latency *= 1 + (_options.Jitter * _random.SignedUnitAt(number));
        if (speed < 1) latency /= speed;
        if (fault == SimulatedFault.Slow) latency *= Faults.SlowFactor;
        return new SimulatedRun(number, session.ModelId, batchSize, started, latency, fault) { Speed = speed };
    }

    /// <summary>Lets time pass.</summary>
    internal ValueTask WaitAsync(TimeSpan latency, CancellationToken cancellationToken) =>
        latency > TimeSpan.Zero ? WaitForTimerAsync(latency, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Suffers a fault, as far as it is not about outputs.</summary>
    /// <param name="fault">The fault.</param>
    /// <param name="departures">How often the device had been pulled out when what is struck began its life.</param>
    /// <param name="where">What is struck, for people.</param>
    /// <param name="cancellationToken">Ends a hang.</param>
    internal async ValueTask StrikeAsync(SimulatedFault fault, int departures, string where, CancellationToken cancellationToken)
    {
        if (fault is SimulatedFault.Hang or SimulatedFault.Stuck)
        {
            var released = Faults.Released;
            _ledger.AddWaiting(1);
            try
            {
                await released.WaitAsync(fault == SimulatedFault.Hang ? cancellationToken : CancellationToken.None).ConfigureAwait(false);
            }
            finally
            {
                _ledger.AddWaiting(-1);
            }
        }

        if (!IsHere(departures)) throw new DeviceFaultException(Info.Id, $"{Info.Id} was pulled out before {where} ended, by Vanish() or VanishAt(); open a new session once it is back.");
        if (fault == SimulatedFault.Lost) _isLost = true;
        if (_isLost) throw new DeviceFaultException(Info.Id, $"{Info.Id} was lost at {where}; it was told to be by its SimulatedFaults or by Lose().");
        if (fault == SimulatedFault.DeviceFault) throw new DeviceFaultException(Info.Id, $"{Info.Id} failed at {where}, as its SimulatedFaults say.");
        if (fault == SimulatedFault.OutOfMemory) throw OutOfMemory(where, new OutOfMemoryException("Simulated."));
    }

    internal DeviceFaultException OutOfMemory(string where, OutOfMemoryException cause) =>
        new(Info.Id, $"{Info.Id} ran out of memory at {where}: {cause.Message}", cause);

    /// <summary>Whether the device is here, and has been since.</summary>
    internal bool IsHere(int departures)
    {
        var (isHere, now) = _presence.At(Elapsed);
        return isHere && now == departures;
    }

    private async ValueTask WaitForTimerAsync(TimeSpan latency, CancellationToken cancellationToken)
    {
        var isArmed = false;
        try
        {
            await Time.DelayAsync(latency, () => { isArmed = true; _ledger.AddWaiting(1); }, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (isArmed) _ledger.AddWaiting(-1);
        }
    }
}
