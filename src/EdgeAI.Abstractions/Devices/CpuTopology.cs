namespace EdgeAI;

/// <summary>The part of a CPU that this process may use: only what has a usable processor is counted.</summary>
/// <param name="Packages">Sockets.</param>
/// <param name="NumaNodes">Memory nodes.</param>
/// <param name="Cores">Physical cores.</param>
/// <param name="PerformanceCores">Fast cores of a hybrid CPU; <see langword="null"/> where all are alike.</param>
/// <param name="EfficiencyCores">Frugal cores of a hybrid CPU; <see langword="null"/> where all are alike.</param>
/// <param name="LogicalProcessors">Hardware threads.</param>
public sealed record CpuTopology(int Packages, int NumaNodes, int Cores, int? PerformanceCores, int? EfficiencyCores, int LogicalProcessors);
