namespace EdgeAI.Cli.Output;

/// <summary>Something that the probe found out; the value is null where unknown.</summary>
internal sealed record FactReport(string Name, string? Value, string Source);
