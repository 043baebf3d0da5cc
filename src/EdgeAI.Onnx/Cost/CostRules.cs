using System.Collections.Frozen;

namespace EdgeAI.Onnx;

/// <summary>The operators whose work can be counted. What is not here is reported as unknown.</summary>
internal static class CostRules
{
    private static readonly FrozenDictionary<(string Domain, string Operator), CostRule> _rules = Collect().ToFrozenDictionary(entry => (entry.Domain, entry.Operator), entry => entry.Rule);

    /// <summary>The rule of an operator; <see langword="null"/> where there is none.</summary>
    public static CostRule? Find(string domain, string opType) => _rules.TryGetValue((OnnxDomains.Normalize(domain), opType), out var rule) ? rule : null;

    private static IEnumerable<(string Domain, string Operator, CostRule Rule)> Collect() =>
        ProductCosts.Table.Concat(ConvolutionCosts.Table).Concat(AttentionCosts.Table).Concat(RecurrentCosts.Table)
            .Concat(ElementwiseCosts.Table).Concat(NormalizationCosts.Table).Concat(ReductionCosts.Table).Concat(MovementCosts.Table);
}
