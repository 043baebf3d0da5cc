namespace EdgeAI.Cli.Output;

/// <summary>What was measured on a device. Rates per second; <see langword="null"/> where not measured.</summary>
internal sealed record ProfileReport(
    double? ReadBandwidth,
    double? MedianReadBandwidth,
    int? ReadThreads,
    IReadOnlyList<ReadRateReport> ReadRates,
    IReadOnlyList<GemmReport> Gemm,
    IReadOnlyList<OperatorRateReport> Operators,
    double? RunOverheadUs,
    double? NodeOverheadUs,
    IReadOnlyDictionary<string, double> NodeOverheadsUs,
    double? TransferBandwidth,
    double? TransferOverheadUs,
    double? SustainedRatio,
    int Threads,
    IReadOnlyList<string> Unstable,
    IReadOnlyList<string> Missing,
    DateTimeOffset MeasuredAt,
    string Versions)
{
    public static ProfileReport? From(DeviceProfile? profile) => profile is null ? null : new ProfileReport(
        profile.ReadBandwidth,
        profile.MedianReadBandwidth,
        profile.ReadThreads,
        [.. profile.ReadRates.Select(rate => new ReadRateReport(rate.WorkingSetBytes, rate.BytesPerSecond))],
        [.. profile.Gemm.Select(rate => new GemmReport(rate.ElementType.ToName(), rate.Rows, rate.FlopsPerSecond))],
        [.. profile.Operators.Select(rate => new OperatorRateReport(rate.Operator, rate.Rows, rate.FlopsPerSecond, rate.BytesPerSecond))],
        profile.RunOverhead?.TotalMicroseconds,
        profile.NodeOverhead?.TotalMicroseconds,
        profile.NodeOverheads.ToDictionary(node => node.Operator, node => node.Cost.TotalMicroseconds, StringComparer.Ordinal),
        profile.TransferBandwidth,
        profile.TransferOverhead?.TotalMicroseconds,
        profile.SustainedRatio,
        profile.Threads,
        profile.Unstable,
        profile.Missing,
        profile.MeasuredAt,
        profile.Versions);
}
