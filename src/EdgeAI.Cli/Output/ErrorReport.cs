namespace EdgeAI.Cli.Output;

/// <summary>What <c>--json</c> writes when a verb fails.</summary>
internal sealed record ErrorReport(string Error);
