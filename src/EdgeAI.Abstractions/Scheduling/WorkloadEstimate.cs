namespace EdgeAI;

/// <summary>What some work needs of a device. Immutable.</summary>
public sealed record WorkloadEstimate
{
    /// <summary>What the work is, as errors and diagnostics show it. Default: <c>lease</c>.</summary>
    public string Name { get; init; } = "lease";

    /// <summary>The device, such as <c>cpu:0</c>; <see langword="null"/> (default) lets the engine choose one with enough memory that has not failed.</summary>
    public string? DeviceId { get; init; }

    /// <summary>Devices that the work can run on, where <see cref="DeviceId"/> names none; <see langword="null"/> (default): any CPU.</summary>
    public IReadOnlyList<string>? DeviceIds { get; init; }

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
    /// Memory that it can do with, 0 to <see cref="MemoryBytes"/>: where less than that is free, what is free is given; <see langword="null"/> (default): <see cref="MemoryBytes"/>, all of it.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.</exception>
    public long? MinMemoryBytes { get; init => field = value is { } bytes ? AtLeast(bytes, 0) : null; }

    /// <summary>
    /// Bytes of the device's memory that every step of the work reads, such as a decoder's weights for each token: what bounds its speed. Of the devices with the memory free, the one
    /// with the highest measured <see cref="DeviceProfile.ReadBandwidth"/> is chosen; those that were not measured come last, accelerators before CPUs. 0 (default): not bound by that, and
    /// the first device with the memory free is chosen.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Less than 0.</exception>
    public long BytesPerStep { get; init => field = AtLeast(value, 0); }

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
