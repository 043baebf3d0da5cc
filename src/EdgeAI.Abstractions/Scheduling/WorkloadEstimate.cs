namespace EdgeAI;

/// <summary>What some work needs of a device. Immutable.</summary>
public sealed record WorkloadEstimate
{
    /// <summary>What the work is, as errors and diagnostics show it. Default: <c>lease</c>.</summary>
    public string Name { get; init; } = "lease";

    /// <summary>The device, such as <c>cpu:0</c>; <see langword="null"/> (default) lets the engine choose a CPU with enough memory.</summary>
    public string? DeviceId { get; init; }

    /// <summary>
    /// Cores that the work would use at once; 0 for memory alone, which work that is often idle holds while it leases cores as it needs them. Fewer are given where the device has
    /// fewer free. Default: 1.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.</exception>
    public int Cores { get; init => field = AtLeast(value, 0); } = 1;

    /// <summary>Cores that it needs at least, 1 to <see cref="Cores"/>; not asked where that is 0. Default: 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 1.</exception>
    public int MinCores { get; init => field = AtLeast(value, 1); } = 1;

    /// <summary>Memory that it takes while it holds the lease, in bytes of the device's memory, 0 or more. Default: 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.</exception>
    public long MemoryBytes { get; init => field = AtLeast(value, 0); }

    /// <summary>
    /// The lease of memory alone that the work holds already; <see langword="null"/> (default) for none. With it, cores alone are not waited for behind others that wait for memory,
    /// which might be the memory that is held here.
    /// </summary>
    public DeviceLease? HeldMemory { get; init; }

    private static int AtLeast(int value, int least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }

    private static long AtLeast(long value, long least)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(value, least);
        return value;
    }
}
