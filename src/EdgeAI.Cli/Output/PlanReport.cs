namespace EdgeAI.Cli.Output;

/// <summary>How the engine served the model.</summary>
internal sealed record PlanReport(int Lanes, int Threads, int MaxBatch);
