using System.Collections.Frozen;

namespace EdgeAI.Onnx;

/// <summary>The operators whose rows are known to stay apart, with their rules. What is not here is refused.</summary>
internal static class BatchRules
{
    private static readonly FrozenDictionary<(string Domain, string Operator), BatchRule> _rules = Collect().ToFrozenDictionary(entry => (entry.Domain, entry.Operator), entry => entry.Rule);

    /// <summary>The rule of an operator; <see langword="null"/> where there is none.</summary>
    public static BatchRule? Find(string domain, string opType) => _rules.TryGetValue((OnnxDomains.Normalize(domain), opType), out var rule) ? rule : null;

    private static IEnumerable<(string Domain, string Operator, BatchRule Rule)> Collect() =>
    [
        .. Of(OnnxDomains.Onnx, ElementwiseRules.Table),
        .. Of(OnnxDomains.Onnx, WindowRules.Table),
        .. Of(OnnxDomains.Onnx, NormalizationRules.Table),
        .. Of(OnnxDomains.Onnx, ProductRules.Table),
        .. Of(OnnxDomains.Onnx, ReductionRules.Table),
        .. Of(OnnxDomains.Onnx, ShapeRules.Table),
        .. Of(OnnxDomains.Onnx, AxisRules.Table),
        .. Of(OnnxDomains.Onnx, IndexRules.Table),
        .. Of(OnnxDomains.Onnx, ConstantRules.Table),
        .. Of(OnnxDomains.Onnx, ResizeRules.Table),
        .. Of(OnnxDomains.Onnx, RecurrentRules.Table),
        .. Of(OnnxDomains.Onnx, QuantizationRules.Table),
        .. Of(OnnxDomains.Microsoft, MicrosoftRules.Table),
    ];

    private static IEnumerable<(string Domain, string Operator, BatchRule Rule)> Of(string domain, IEnumerable<(string Operator, BatchRule Rule)> table) =>
        table.Select(entry => (domain, entry.Operator, entry.Rule));
}
