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
    /// How long a run takes, by batch size. Default: <see cref="LatencyCurve.Zero"/>. With <see cref="TimeProvider.System"/> the
    /// resolution is that of its timers, whole milliseconds; with virtual time it is one tick (100 ns).
    /// </summary>
    public LatencyCurve Latency { get; set; } = LatencyCurve.Zero;

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

    internal void Validate()
    {
        var problems = new List<string>();
        if (string.IsNullOrWhiteSpace(Name)) problems.Add("Name must not be empty");
        if (Parallelism < 1) problems.Add($"Parallelism is {Parallelism}; it must be 1 or more, or null");
        if (MemoryBytes < 0) problems.Add($"MemoryBytes is {MemoryBytes}; it must be 0 or more, or null for no limit");
        if (Alignment < 1 || !int.IsPow2(Alignment)) problems.Add($"Alignment is {Alignment}; it must be a power of two");
        if (MaxConcurrentRuns < 1) problems.Add($"MaxConcurrentRuns is {MaxConcurrentRuns}; it must be 1 or more");
        if (!(Jitter is >= 0 and <= 1)) problems.Add($"Jitter is {Jitter}; it must be from 0 to 1");
        if (OpeningLatency < TimeSpan.Zero) problems.Add($"OpeningLatency is {OpeningLatency}; it must be zero or more");
        if (RunLogLength < 0) problems.Add($"RunLogLength is {RunLogLength}; it must be 0 or more");
        if (Latency is null) problems.Add("Latency must not be null; use LatencyCurve.Zero");
        if (Support is null) problems.Add("Support must not be null; use DeviceSupport.Full");
        if (Features is null) problems.Add("Features must not be null; use []");
        if (problems.Count > 0) throw new ArgumentException($"The simulated device cannot be made: {string.Join("; ", problems)}.");
    }
}
