namespace EdgeAI.Cli.Output;

/// <summary>Whether requests of a model can be put together, and why.</summary>
internal sealed record BatchingReport(bool Possible, string Reason);
