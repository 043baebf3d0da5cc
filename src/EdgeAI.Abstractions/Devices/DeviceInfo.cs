namespace EdgeAI;

/// <summary>Facts about a device that do not change while it is present. Immutable.</summary>
/// <param name="Id">Unique on this machine and stable across restarts where the hardware allows, such as <c>cpu:0</c>.</param>
/// <param name="Provider">The provider's name, such as <c>cpu</c>.</param>
/// <param name="Kind">What sort of hardware it is.</param>
/// <param name="Name">The vendor's name for it.</param>
public sealed record DeviceInfo(string Id, string Provider, DeviceKind Kind, string Name)
{
    /// <summary>Memory that models may use in bytes, container limits applied; <see langword="null"/> where unknown.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Threads that make sense to run at once on it: usable cores for a CPU, 1 or more; <see langword="null"/> where that means nothing.</summary>
    public int? Parallelism { get; init; }

    /// <summary>Bytes of all its last-level caches together; <see langword="null"/> where unknown.</summary>
    public long? LastLevelCacheBytes { get; init; }

    /// <summary>The NUMA node it is attached to; <see langword="null"/> where unknown or several.</summary>
    public int? NumaNode { get; init; }

    /// <summary>Instruction sets or capabilities by the kernel's flag names, such as <c>avx2</c>; empty where unknown.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    /// <summary>The versions of its driver and runtime; what was measured under others no longer counts. Empty where unknown.</summary>
    public string Versions { get; init; } = "";

    /// <summary>How the processors are arranged; <see langword="null"/> for devices other than CPUs.</summary>
    public CpuTopology? Topology { get; init; }

    /// <summary>Whether it shares its memory with the host, so that nothing is copied between them and both count the same bytes; <see langword="null"/> where unknown.</summary>
    public bool? HasUnifiedMemory { get; init; }

    /// <summary>The link to the host; <see langword="null"/> where there is none or nothing is known of it.</summary>
    public DeviceLink? Link { get; init; }

    /// <summary>All that the probe found out, each with its source.</summary>
    public IReadOnlyList<DeviceFact> Facts { get; init; } = [];
}
