namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai run</c> did.</summary>
/// <param name="Device">Where it ran.</param>
/// <param name="BatchSize">Requests that shared the run.</param>
/// <param name="QueuedMs">Until a lane took it.</param>
/// <param name="ExecutedMs">The run itself.</param>
/// <param name="Outputs">The files.</param>
internal sealed record RunReport(string Device, int BatchSize, double QueuedMs, double ExecutedMs, IReadOnlyList<OutputReport> Outputs);
