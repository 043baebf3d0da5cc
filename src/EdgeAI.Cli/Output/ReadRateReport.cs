namespace EdgeAI.Cli.Output;

/// <summary>The rate at which so many bytes are read again and again.</summary>
internal sealed record ReadRateReport(long Bytes, double BytesPerSecond);
