namespace EdgeAI.Onnx;

/// <summary>
/// Scaling by statistics, by what each element goes through. Softmax: largest, difference, exponential, sum, quotient. Layer normalisation: sum, difference, square,
/// its sum, quotient, scale, offset. Root mean square: square, sum, quotient, scale. Stored statistics: scale, offset.
/// </summary>
internal static class NormalizationCosts
{
    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        (OnnxDomains.Onnx, "Softmax", Of(5)),
        (OnnxDomains.Onnx, "LogSoftmax", Of(5)),
        (OnnxDomains.Onnx, "Hardmax", Of(1)),
        (OnnxDomains.Onnx, "LpNormalization", Of(3)),
        (OnnxDomains.Onnx, "BatchNormalization", Of(2)),
        (OnnxDomains.Onnx, "InstanceNormalization", Of(7)),
        (OnnxDomains.Onnx, "GroupNormalization", Of(7)),
        (OnnxDomains.Onnx, "MeanVarianceNormalization", Of(5)),
        (OnnxDomains.Onnx, "LRN", new CostRule(OperatorFamily.Normalization, step => step.Count(0) is { } count ? new OperatorWork((step.Int("size", 1) + 3) * count) : null)),
        (OnnxDomains.Onnx, "LayerNormalization", Of(7)),
        (OnnxDomains.Onnx, "RMSNormalization", Of(4)),
        (OnnxDomains.Onnx, "SimplifiedLayerNormalization", Of(4)),
        (OnnxDomains.Microsoft, "LayerNormalization", Of(7)),
        (OnnxDomains.Microsoft, "SimplifiedLayerNormalization", Of(4)),
        (OnnxDomains.Microsoft, "SkipLayerNormalization", Of(8)),
        (OnnxDomains.Microsoft, "SkipSimplifiedLayerNormalization", Of(5)),
        (OnnxDomains.Microsoft, "EmbedLayerNormalization", new CostRule(OperatorFamily.Normalization, step => step.OutputCount() is { } count ? new OperatorWork(9 * count) { ElementsRead = step.Count(0) } : null)),
    ];

    private static CostRule Of(double flops) => new(OperatorFamily.Normalization, step => step.Count(0) is { } count ? new OperatorWork(flops * count) : null);
}
