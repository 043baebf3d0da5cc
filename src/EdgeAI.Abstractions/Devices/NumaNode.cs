namespace EdgeAI;

/// <summary>A memory node whose memory this process may use. Immutable.</summary>
/// <param name="Id">The system's number for it.</param>
/// <param name="Processors">The usable processors next to it, ascending; empty for memory without any.</param>
/// <param name="MemoryBytes">Its memory in bytes; <see langword="null"/> where unknown.</param>
/// <param name="Distances">The relative cost of reaching each node of <see cref="CpuTopology.Nodes"/>, in that order, as the firmware rates it: 10 to itself, 20 is twice as far. Empty where unknown.</param>
public sealed record NumaNode(int Id, IReadOnlyList<int> Processors, long? MemoryBytes, IReadOnlyList<int> Distances);
