namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>What a system tells of its CPU at once; fixed from then on. What it does not tell is <see langword="null"/>. Immutable.</summary>
internal sealed record CpuReading
{
    public string? Name { get; init; }

    public CpuTopology? Topology { get; init; }

    /// <summary>Usable memory in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Processor time that the process may use, in processors.</summary>
    public double? Quota { get; init; }

    /// <summary>Instruction sets that the system tells beyond what .NET and the processor do.</summary>
    public IReadOnlyList<string> Features { get; init; } = [];

    public IReadOnlyList<DeviceFact> Facts { get; init; } = [];
}
