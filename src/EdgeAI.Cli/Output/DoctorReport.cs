namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai doctor</c> found.</summary>
internal sealed record DoctorReport(IReadOnlyList<CheckReport> Checks);
