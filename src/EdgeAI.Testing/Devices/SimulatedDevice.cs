using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>
/// A device that exists in software only: it takes scripted time, fails when told to, counts everything, and answers by a known rule.
/// It is also the handle by which a test drives it. Thread-safe; every setting may be changed while it works.
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
    private readonly Lock _gate = new();
    private readonly long _made;
    private DeviceStatus _status = new() { Health = DeviceHealth.Healthy };
    private LatencyCurve _latency;
    private long _runNumber;
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
        _options.Validate();
        Time = timeProvider ?? TimeProvider.System;
        Info = new DeviceInfo(id, ProviderName, _options.Kind, _options.Name)
        {
            MemoryBytes = _options.MemoryBytes,
            Parallelism = _options.Parallelism,
            Features = [.. _options.Features],
        };
        _random = new SeededSequence(_options.Seed);
        _ledger = new RunLedger(_options.RunLogLength);
        _memory = new SimulatedMemory(id, _options.MemoryBytes, (nuint)_options.Alignment, _options.IsHostAccessible);
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

    /// <summary>Whether the device is gone for good. Once <see langword="true"/>, it stays so.</summary>
    public bool IsLost => _isLost;

    /// <summary>What the device has counted so far.</summary>
    public SimulatedDeviceStatistics Statistics
    {
        get
        {
            var (live, peak, allocated, buffers) = _memory.Usage;
            return _ledger.Statistics with { LiveBytes = live, PeakBytes = peak, AllocatedBytes = allocated, LiveBuffers = buffers };
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

    /// <summary>Sets what <see cref="GetStatus"/> reports.</summary>
    /// <param name="change">
    /// From the status set last to the new one. <see cref="DeviceStatus.LanesBusy"/> and <see cref="DeviceStatus.FreeMemoryBytes"/> are
    /// counted where left <see langword="null"/>. At first the device is healthy and the rest unknown.
    /// </param>
    public void SetStatus(Func<DeviceStatus, DeviceStatus> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        lock (_gate) _status = change(_status);
    }

    /// <summary>Pulls the device out: as <see cref="SimulatedFault.Lost"/>, without waiting for a run. Runs in flight fail when their time is up.</summary>
    public void Lose() => _isLost = true;

    /// <inheritdoc/>
    public DeviceStatus GetStatus()
    {
        DeviceStatus status;
        lock (_gate) status = _status;
        return status with
        {
            Health = _isLost ? DeviceHealth.Failed : status.Health,
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
        await StrikeAsync(Faults.ForOpening(number), $"opening {number} of {model.Id}", cancellationToken).ConfigureAwait(false);
        return new SimulatedSession(this, model, options);
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
    internal SimulatedRun NextRun(string modelId, int batchSize, LatencyCurve? latency)
    {
        var number = Interlocked.Increment(ref _runNumber);
        var nominal = (latency ?? Latency).At(batchSize);
        var actual = _options.Jitter == 0 ? nominal : nominal * (1 + (_options.Jitter * _random.SignedUnitAt(number)));
        var fault = _isLost ? SimulatedFault.Lost : Faults.ForRun(number);
        return new SimulatedRun(number, modelId, batchSize, Time.GetElapsedTime(_made), actual, fault);
    }

    /// <summary>Lets time pass.</summary>
    internal ValueTask WaitAsync(TimeSpan latency, CancellationToken cancellationToken) =>
        latency > TimeSpan.Zero ? WaitForTimerAsync(latency, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Suffers a fault, as far as it is not about outputs.</summary>
    internal async ValueTask StrikeAsync(SimulatedFault fault, string where, CancellationToken cancellationToken)
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

        if (fault == SimulatedFault.Lost) _isLost = true;
        if (_isLost) throw new DeviceFaultException(Info.Id, $"{Info.Id} was lost at {where}; it was told to be by its SimulatedFaults or by Lose().");
        if (fault == SimulatedFault.DeviceFault) throw new DeviceFaultException(Info.Id, $"{Info.Id} failed at {where}, as its SimulatedFaults say.");
        if (fault == SimulatedFault.OutOfMemory) throw OutOfMemory(where, new OutOfMemoryException("Simulated."));
    }

    internal DeviceFaultException OutOfMemory(string where, OutOfMemoryException cause) =>
        new(Info.Id, $"{Info.Id} ran out of memory at {where}: {cause.Message}", cause);

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
