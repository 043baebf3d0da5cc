using EdgeAI.Generation;

namespace EdgeAI.Cli.Output;

/// <summary>What <c>edgeai build</c> made.</summary>
/// <param name="Output">The model's folder.</param>
/// <param name="Family">Such as <c>llama</c>.</param>
/// <param name="Precision"><c>int4</c>, <c>int8</c> or <c>fp32</c>.</param>
/// <param name="Parameters">Weights in the source.</param>
/// <param name="WeightBytes">Bytes of weights in the folder.</param>
/// <param name="WeightError">Root mean square of what quantisation changed, relative to that of the weights; null where nothing was quantised.</param>
/// <param name="KeyValueCache"><c>float32</c> or <c>int8</c>.</param>
/// <param name="CacheBytesPerToken">Bytes that a token takes in the key-value cache.</param>
/// <param name="Seconds">How long it took.</param>
/// <param name="PeakMemoryBytes">The most memory that the process had resident.</param>
internal sealed record BuildReport(
    string Output, string Family, string Precision, long Parameters, long WeightBytes, double? WeightError, string KeyValueCache, long CacheBytesPerToken, double Seconds, long PeakMemoryBytes)
{
    public static BuildReport From(ModelBuildReport report) => new(
        report.Output,
        report.Family,
        report.Precision switch { ModelPrecision.Float32 => "fp32", ModelPrecision.Int8 => "int8", _ => "int4" },
        report.Parameters,
        report.WeightBytes,
        report.WeightError,
        report.KeyValueCache == KeyValueCacheType.Int8 ? "int8" : "float32",
        report.CacheBytesPerToken,
        report.Elapsed.TotalSeconds,
        report.PeakMemoryBytes);
}
