namespace EdgeAI.Cli.Output;

/// <summary>A device that could run a model, and how long a run is expected to take there; <see langword="null"/> where that cannot be told.</summary>
internal sealed record CandidateReport(string Device, double? PredictedMs, double? LowerMs, double? UpperMs, string Reason, IReadOnlyList<string> Notes);
