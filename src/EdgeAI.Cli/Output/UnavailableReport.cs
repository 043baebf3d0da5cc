namespace EdgeAI.Cli.Output;

/// <summary>Hardware or software that one might expect, and why it is absent.</summary>
internal sealed record UnavailableReport(string Provider, string Reason);
