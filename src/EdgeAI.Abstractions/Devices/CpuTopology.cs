namespace EdgeAI;

/// <summary>The part of a CPU that this process may use: only what has a usable processor is counted. Processors are named by the system's numbers. Immutable.</summary>
/// <param name="Packages">Sockets.</param>
/// <param name="NumaNodes">Memory nodes.</param>
/// <param name="Cores">Physical cores.</param>
/// <param name="PerformanceCores">Fast cores of a hybrid CPU; <see langword="null"/> where all are alike.</param>
/// <param name="EfficiencyCores">Frugal cores of a hybrid CPU; <see langword="null"/> where all are alike.</param>
/// <param name="LogicalProcessors">Hardware threads.</param>
public sealed record CpuTopology(int Packages, int NumaNodes, int Cores, int? PerformanceCores, int? EfficiencyCores, int LogicalProcessors)
{
    /// <summary>The most usable hardware threads that a core has, 1 or more.</summary>
    public int ThreadsPerCore { get; init; } = 1;

    /// <summary>The usable processors of each core, ascending, cores by their first one; empty where unknown.</summary>
    public IReadOnlyList<IReadOnlyList<int>> CoreProcessors { get; init; } = [];

    /// <summary>The usable processors of the fast cores of a hybrid CPU, ascending; empty where all are alike.</summary>
    public IReadOnlyList<int> PerformanceProcessors { get; init; } = [];

    /// <summary>The usable processors of the frugal cores of a hybrid CPU, ascending; empty where all are alike.</summary>
    public IReadOnlyList<int> EfficiencyProcessors { get; init; } = [];

    /// <summary>The caches by level, kind and descending size; empty where unknown.</summary>
    public IReadOnlyList<CpuCache> Caches { get; init; } = [];

    /// <summary>The memory nodes by their numbers; empty where the system has no notion of them.</summary>
    public IReadOnlyList<NumaNode> Nodes { get; init; } = [];
}
