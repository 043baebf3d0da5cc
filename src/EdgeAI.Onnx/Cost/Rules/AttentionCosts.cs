namespace EdgeAI.Onnx;

/// <summary>
/// Fused attention: the product of queries and keys, softmax at five flops a score, and the product of scores and values. What a mask hides is counted: runtimes compute most of it.
/// </summary>
internal static class AttentionCosts
{
    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        (OnnxDomains.Onnx, "Attention", Of(AttentionShape.Standard)),
        (OnnxDomains.Microsoft, "Attention", new CostRule(OperatorFamily.Attention, Project)),
        (OnnxDomains.Microsoft, "MultiHeadAttention", Of(AttentionShape.MultiHead)),
        (OnnxDomains.Microsoft, "GroupQueryAttention", Of(AttentionShape.GroupQuery)),
    ];

    private static CostRule Of(Func<NodeStep, AttentionShape?> shape) => new(OperatorFamily.Attention, step => shape(step.Step) is { } attention ? Attend(step, attention) : null);

    private static OperatorWork Attend(CostStep step, AttentionShape attention)
    {
        var (batch, heads, queries, keys) = ((double)attention.Batch, (double)attention.Heads, (double)attention.Queries, (double)attention.Keys);
        var scores = batch * heads * queries * keys;
        return new OperatorWork((2 * scores * (attention.KeySize + (double)attention.ValueSize)) + (5 * scores))
        {
            Rows = queries,
            Columns = keys,
            Depth = attention.KeySize,
            Groups = batch * heads,
            ElementType = step.Input(0)?.Type,
            Note = attention.IsAssumed ? $"{step.Node} is counted for a full key-value cache" : null,
        };
    }

    /// <summary>Com.microsoft Attention makes queries, keys and values itself.</summary>
    private static OperatorWork? Project(CostStep step)
    {
        if (AttentionShape.SelfAttention(step.Step) is not { } attention || step.Shape(0) is not { Length: 3 } x || step.Shape(1) is not { Length: 2 } w) return null;
        var rows = x[0] * x[1];
        return Attend(step, attention).Plus((2 * rows * w[0] * w[1]) + (step.HasInput(2) ? rows * w[1] : 0)) with { ElementType = step.Input(1)!.StoredType };
    }
}
