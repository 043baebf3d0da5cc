using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Temperature, power, clock and throttling, as far as this machine shows them. Not thread-safe.</summary>
internal sealed class CpuSensors
{
    private readonly TemperatureSensor? _temperature;
    private readonly PackagePower _power;
    private readonly ThrottleCounters _counters;
    private readonly CpuClock _clock;
    private readonly CpuLoad _load;
    private readonly TimeProvider _time;
    private readonly Throttling _throttling = new();
    private long? _readAt;

    public CpuSensors(SystemTree tree, Processors processors, IReadOnlyList<int> performance, TimeProvider time)
    {
        _temperature = TemperatureSensor.Find(tree);
        _power = new PackagePower(tree);
        _counters = new ThrottleCounters(tree, processors);
        _clock = new CpuClock(tree, processors, performance);
        _load = new CpuLoad(tree, processors);
        _time = time;
    }

    /// <summary>What the sensors are, and what is fixed about them.</summary>
    public IEnumerable<DeviceFact> Facts =>
    [
        new("base clock", Gigahertz(_clock.BaseHertz), $"/{Processors.Folder}/cpu*/cpufreq/base_frequency, acpi_cppc/nominal_freq"),
        new("highest clock", Gigahertz(_clock.MaxHertz), $"/{Processors.Folder}/cpu*/cpufreq/cpuinfo_max_freq"),
        new("temperature sensor", _temperature?.Name, _temperature?.Source ?? "/sys/class/hwmon, /sys/class/thermal"),
        new("temperature limit", _temperature?.LimitCelsius is { } limit ? string.Create(CultureInfo.InvariantCulture, $"{limit:0.#} °C") : null, "the sensor's critical temperature or the zone's trip points"),
        new("throttle counters", _counters.IsPresent ? "present" : null, $"/{Processors.Folder}/cpu*/thermal_throttle"),
        new("power limit", _power.LimitWatts is { } watts ? string.Create(CultureInfo.InvariantCulture, $"{watts:0.#} W") : null, $"/{PackagePower.Folder}"),
    ];

    public CpuState Read()
    {
        var now = _time.GetTimestamp();
        var sinceLast = _readAt is { } before ? _time.GetElapsedTime(before, now) : (TimeSpan?)null;
        _readAt = now;
        var clock = _clock.ReadHertz();
        return new CpuState
        {
            TemperatureCelsius = _temperature?.ReadCelsius(),
            TemperatureLimitCelsius = _temperature?.LimitCelsius,
            PowerWatts = _power.ReadWatts(sinceLast),
            PowerLimitWatts = _power.LimitWatts,
            IsThrottled = _throttling.Judge(sinceLast, _counters.Read(), clock, _clock.BaseHertz, _load.Read()),
            ClockHertz = clock,
        };
    }

    private static string? Gigahertz(double? hertz) => hertz is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value / 1e9:0.00#} GHz") : null;
}
