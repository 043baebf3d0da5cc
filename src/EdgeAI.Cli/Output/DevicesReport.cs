namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai devices</c> found.</summary>
internal sealed record DevicesReport(IReadOnlyList<DeviceReport> Devices, IReadOnlyList<UnavailableReport> Unavailable);
