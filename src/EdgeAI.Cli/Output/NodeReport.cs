namespace EdgeAI.Cli.Output;

/// <summary>A memory node; distances are to the nodes of the list, in its order.</summary>
internal sealed record NodeReport(int Id, IReadOnlyList<int> Processors, long? MemoryBytes, IReadOnlyList<int> Distances);
