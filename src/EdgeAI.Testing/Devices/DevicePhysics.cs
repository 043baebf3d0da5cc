namespace EdgeAI.Testing;

/// <summary>The physical side of a device: how long runs take, how warm it gets, what it draws. Thread-safe.</summary>
internal sealed class DevicePhysics
{
    private readonly SimulatedDeviceOptions _options;
    private readonly Func<TimeSpan> _elapsed;
    private readonly Roofline _roofline;
    private readonly PhysicalState _state;
    private readonly Lock _gate = new();
    private int _running;

    /// <summary>A device at rest.</summary>
    /// <param name="options">Valid options.</param>
    /// <param name="elapsed">Time since the device was made.</param>
    public DevicePhysics(SimulatedDeviceOptions options, Func<TimeSpan> elapsed)
    {
        _options = options;
        _elapsed = elapsed;
        _roofline = new Roofline(options.ComputeRates, options.MemoryBandwidth, options.RunOverhead, options.NodeOverhead);
        var power = options.BusyPowerWatts is { } busy ? new PowerDraw(options.IdlePowerWatts ?? 0, busy, options.PowerLimitWatts) : null;
        var heat = options.HeatCapacity is { } capacity
            ? new HeatFlow(capacity, options.ThermalConductance!.Value, options.ThrottleCelsius, options.EffectiveRecoveryCelsius ?? 0, options.ThrottledSpeed)
            : null;
        _state = new PhysicalState(power, heat, options.AmbientCelsius);
    }

    public double AmbientCelsius
    {
        get
        {
            lock (_gate) return _state.Ambient;
        }

        set
        {
            lock (_gate)
            {
                _state.Advance(_elapsed());
                _state.Ambient = value;
            }
        }
    }

    public double? Joules
    {
        get
        {
            lock (_gate)
            {
                _state.Advance(_elapsed());
                return _state.Joules;
            }
        }
    }

    /// <summary>The duration of a run at full speed.</summary>
    public TimeSpan DurationOf(SimulatedCost? cost, int rows) => _roofline.IsFree ? TimeSpan.Zero : _roofline.DurationOf(cost ?? new SimulatedCost(), rows);

    /// <summary>The duration of a copy between host and device.</summary>
    public TimeSpan TransferOf(nuint byteLength) =>
        _options.TransferLatency + (_options.TransferBandwidth is { } bandwidth ? TimeSpan.FromSeconds(byteLength / bandwidth) : TimeSpan.Zero);

    /// <summary>The speed that a run gets which begins now. It keeps it to its end: runs are short beside the time in which a device warms up.</summary>
    public double SpeedOfNextRun()
    {
        lock (_gate)
        {
            _state.Advance(_elapsed());
            return _state.SpeedAt(Utilisation(_running + 1));
        }
    }

    /// <summary>A run begins (1) or ends (-1).</summary>
    public void AddRunning(int change)
    {
        lock (_gate)
        {
            _running += change;
            _state.SetUtilisation(_elapsed(), Utilisation(_running));
        }
    }

    /// <summary>A status with what a probe would read now where nothing was set.</summary>
    public DeviceStatus Read(DeviceStatus set)
    {
        lock (_gate)
        {
            _state.Advance(_elapsed());
            return set with
            {
                TemperatureCelsius = set.TemperatureCelsius ?? _state.Temperature,
                TemperatureLimitCelsius = set.TemperatureLimitCelsius ?? _options.ThrottleCelsius,
                PowerWatts = set.PowerWatts ?? _state.Power,
                PowerLimitWatts = set.PowerLimitWatts ?? _options.PowerLimitWatts,
                IsThrottled = set.IsThrottled ?? _state.IsThrottled,
                ClockHertz = set.ClockHertz ?? (_options.ClockHertz * _state.SpeedAt(Utilisation(_running))),
            };
        }
    }

    private double Utilisation(int running) => Math.Min(1, running / (double)_options.MaxConcurrentRuns);
}
