using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>How a simulated device behaves. Read once when the device is made; later changes have no effect.</summary>
public sealed class SimulatedDeviceOptions
{
    /// <summary>The vendor's name for it. Default: <c>Simulated device</c>.</summary>
    public string Name { get; set; } = "Simulated device";

    /// <summary>What sort of hardware it plays. Default: <c>simulated</c>.</summary>
    public DeviceKind Kind { get; set; } = new("simulated");

    /// <summary>Facts that it claims, by the kernel's flag names. Default: none.</summary>
    public IReadOnlyList<string> Features { get; set; } = [];

    /// <summary>Threads that make sense at once on it, 1 or more; <see langword="null"/> (default): means nothing.</summary>
    public int? Parallelism { get; set; }

    /// <summary>Its memory in bytes, 0 or more, for weights and buffers together; <see langword="null"/> (default): unknown and without limit.</summary>
    public long? MemoryBytes { get; set; }

    /// <summary>
    /// Whether the host may read and write its memory in place. Default: <see langword="true"/>. When <see langword="false"/> the
    /// spans of its tensors throw, inputs and outputs must lie in it, and data moves by <see cref="IDeviceMemory.CopyAsync"/>.
    /// </summary>
    public bool IsHostAccessible { get; set; } = true;

    /// <summary>What the addresses of its buffers are a multiple of, in bytes: a power of two. Default: 64.</summary>
    public int Alignment { get; set; } = 64;

    /// <summary>Bindings of one session that may run at the same time, 1 or more. Default: 1. One more is an error of the caller: see <see cref="SimulatedDevice.Violations"/>.</summary>
    public int MaxConcurrentRuns { get; set; } = 1;

    /// <summary>
    /// How long a run takes, by batch size, besides what <see cref="ComputeRates"/> and their kin make of its cost. A model may bring a curve of its own
    /// (<see cref="ModelDescriptors.Create"/>), which then counts alone. Default: <see cref="LatencyCurve.Zero"/>. With <see cref="TimeProvider.System"/> the
    /// resolution is that of its timers, whole milliseconds; with virtual time it is one tick (100 ns).
    /// </summary>
    public LatencyCurve Latency { get; set; } = LatencyCurve.Zero;

    /// <summary>
    /// How fast it multiplies matrices, by type of the weights and number of rows: a run's operations take <see cref="SimulatedCost.FlopsPerRow"/> x rows / rate. Between the rows given
    /// the rate follows straight lines, outside it holds; a type that is not given runs at the rate of float32, or of the first. Each at least 1 row and more than 0
    /// operations per second, no two alike. Empty (default): computing takes no time.
    /// </summary>
    public IReadOnlyList<GemmRate> ComputeRates { get; set; } = [];

    /// <summary>
    /// How fast it reads and writes its own memory in bytes per second, more than 0: a run takes the longer of computing and of moving its weights and activations.
    /// <see langword="null"/> (default): moving takes no time.
    /// </summary>
    public double? MemoryBandwidth { get; set; }

    /// <summary>What each run costs besides, zero or more. Default: zero.</summary>
    public TimeSpan RunOverhead { get; set; }

    /// <summary>What each node of the graph costs besides, zero or more. Default: zero.</summary>
    public TimeSpan NodeOverhead { get; set; }

    /// <summary>
    /// What a run of a model costs; asked once for each session. Default (<see langword="null"/>, also as an answer): what the model brings (<see cref="ModelDescriptors.Create"/>),
    /// else <see cref="SimulatedCost.FromParameters"/>.
    /// </summary>
    public Func<ModelDescriptor, SimulatedCost?>? Cost { get; set; }

    /// <summary>How fast data moves between host and device in bytes per second, more than 0; <see langword="null"/> (default): at once. Only where <see cref="IsHostAccessible"/> is <see langword="false"/>.</summary>
    public double? TransferBandwidth { get; set; }

    /// <summary>What each copy between host and device costs besides, zero or more. Default: zero. Only where <see cref="IsHostAccessible"/> is <see langword="false"/>.</summary>
    public TimeSpan TransferLatency { get; set; }

    /// <summary>The link to the host that it claims; made up, without effect on transfers. Default: <see langword="null"/>.</summary>
    public DeviceLink? Link { get; set; }

    /// <summary>Whether it claims to share the host's memory; <see langword="null"/> (default): unknown, or <see langword="false"/> where <see cref="IsHostAccessible"/> is.</summary>
    public bool? HasUnifiedMemory { get; set; }

    /// <summary>The versions of driver and runtime that it claims. Default: empty.</summary>
    public string Versions { get; set; } = "";

    /// <summary>What it draws in watts when nothing runs, 0 or more; <see langword="null"/> (default): 0 where <see cref="BusyPowerWatts"/> is set, else unknown.</summary>
    public double? IdlePowerWatts { get; set; }

    /// <summary>
    /// What it draws in watts with <see cref="MaxConcurrentRuns"/> runs at full speed, at least <see cref="IdlePowerWatts"/>; with fewer or slower ones in proportion.
    /// <see langword="null"/> (default): unknown.
    /// </summary>
    public double? BusyPowerWatts { get; set; }

    /// <summary>The most it may draw in watts, more than <see cref="IdlePowerWatts"/>: it slows down to keep it. <see langword="null"/> (default): no limit.</summary>
    public double? PowerLimitWatts { get; set; }

    /// <summary>Joules that warm it by one degree, more than 0; needs <see cref="ThermalConductance"/> and <see cref="BusyPowerWatts"/>. <see langword="null"/> (default): its temperature is unknown.</summary>
    public double? HeatCapacity { get; set; }

    /// <summary>
    /// Watts that it gives off for each degree above <see cref="AmbientCelsius"/>, more than 0; needs <see cref="HeatCapacity"/>. Under lasting power P it approaches ambient + P / conductance,
    /// and the rest shrinks to 1/e in capacity / conductance seconds. <see langword="null"/> (default): its temperature is unknown.
    /// </summary>
    public double? ThermalConductance { get; set; }

    /// <summary>Degrees Celsius around it. Default: 25.</summary>
    public double AmbientCelsius { get; set; } = 25;

    /// <summary>Degrees Celsius from which on it is throttled, above <see cref="AmbientCelsius"/>; needs <see cref="HeatCapacity"/>. <see langword="null"/> (default): never.</summary>
    public double? ThrottleCelsius { get; set; }

    /// <summary>Degrees Celsius at which it is throttled no longer, below <see cref="ThrottleCelsius"/> and above what it settles at when idle. Default: half way between the two.</summary>
    public double? RecoveryCelsius { get; set; }

    /// <summary>Its speed while throttled, as a share of full speed: more than 0, at most 1. Runs that begin then take 1 / speed as long. Default: 0.5.</summary>
    public double ThrottledSpeed { get; set; } = 0.5;

    /// <summary>The clock rate in hertz that it claims at full speed, more than 0; it falls with its speed. <see langword="null"/> (default): unknown.</summary>
    public double? ClockHertz { get; set; }

    /// <summary>How far a run's latency strays at most, as a share of it, 0 to 1. Uniform, by <see cref="Seed"/> and the run's number. Default: 0.</summary>
    public double Jitter { get; set; }

    /// <summary>The seed of everything random: the same seed and order of runs give the same device. Default: 1.</summary>
    public int Seed { get; set; } = 1;

    /// <summary>How long opening a session takes, zero or more. Default: zero.</summary>
    public TimeSpan OpeningLatency { get; set; }

    /// <summary>The number of items in a run's inputs; <see langword="null"/> (default): the length of axis 0 of the first input that has one, else 1.</summary>
    public Func<IReadOnlyList<TensorValue>, int>? BatchSize { get; set; }

    /// <summary>
    /// What models answer that bring no answer of their own (<see cref="ModelDescriptors.Create"/>). <see langword="null"/> (default):
    /// an output with the type and shape of an input echoes it, the one at its own index first. Any other output holds in each element of
    /// row r the sum over row r of the first numeric input with as many rows (or over all of the first numeric input, where none has), saturated
    /// to its type; zeros and empty strings where nothing can be summed. Dynamic lengths are those of the input axis with the same symbol.
    /// </summary>
    public SimulatedCompute? Compute { get; set; }

    /// <summary>What <see cref="IDevice.Evaluate"/> answers for a model whose operators are all supported. Default: <see cref="DeviceSupport.Full"/>.</summary>
    public DeviceSupport Support { get; set; } = DeviceSupport.Full;

    /// <summary>Which operators it knows; <see langword="null"/> (default): all. A model with another is refused, and the operator named.</summary>
    public Func<OperatorUse, bool>? SupportsOperator { get; set; }

    /// <summary>Whether a model with operators that it does not know is taken in part instead of refused. Default: <see langword="false"/>.</summary>
    public bool RunsUnsupportedOperatorsElsewhere { get; set; }

    /// <summary>How many of the latest runs <see cref="SimulatedDevice.Runs"/> remembers, 0 or more. Default: 1,024.</summary>
    public int RunLogLength { get; set; } = 1024;

    /// <summary>Degrees Celsius at which throttling ends, worked out where it is not set.</summary>
    internal double? EffectiveRecoveryCelsius => RecoveryCelsius ?? ((ThrottleCelsius + IdleCelsius) / 2);

    /// <summary>Degrees Celsius at rest; <see langword="null"/> where there is no temperature.</summary>
    internal double? IdleCelsius => ThermalConductance is > 0 ? AmbientCelsius + ((IdlePowerWatts ?? 0) / ThermalConductance) : null;
}
