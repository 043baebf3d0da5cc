namespace EdgeAI.Cli.Output;

/// <summary>Where a model would run, and why.</summary>
internal sealed record ExplainReport(IReadOnlyList<CandidateReport> Candidates, string? Chosen, string Policy, CostReport Cost);
