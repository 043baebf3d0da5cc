namespace EdgeAI.Onnx;

/// <summary>ONNX Runtime's own operators (its ContribOperators.md), as far as their rows stay apart.</summary>
internal static class MicrosoftRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Gelu", new BatchRule(Broadcasting.All)),
        ("QuickGelu", new BatchRule(Broadcasting.All)),
        ("FastGelu", new BatchRule(AddBias)),
        ("BiasGelu", new BatchRule(AddBias)),
        ("QuantizeLinear", new BatchRule(QuantizationRules.Scale)),
        ("DequantizeLinear", new BatchRule(QuantizationRules.Scale)),
        ("FusedMatMul", new BatchRule(FusedMatMul)),
        ("TransposeMatMul", new BatchRule(FusedMatMul)),
        ("FusedGemm", new BatchRule(ProductRules.Gemm)),
        ("FusedConv", new BatchRule(FusedConv)),
        ("MatMulNBits", new BatchRule(MatMulNBits)),
        ("MatMulIntegerToFloat", new BatchRule(MatMulToFloat)),
        ("QLinearAdd", new BatchRule(PairQuantized)),
        ("QLinearMul", new BatchRule(PairQuantized)),
        ("QLinearSigmoid", new BatchRule(FirstQuantized)),
        ("QLinearLeakyRelu", new BatchRule(FirstQuantized)),
        ("QLinearConcat", new BatchRule(ConcatQuantized)),
        ("LayerNormalization", new BatchRule(NormalizationRules.FromAxisOn)),
        ("SimplifiedLayerNormalization", new BatchRule(NormalizationRules.FromAxisOn)),
        ("SkipLayerNormalization", new BatchRule(SkipNormalization)),
        ("SkipSimplifiedLayerNormalization", new BatchRule(SkipNormalization)),
        ("EmbedLayerNormalization", new BatchRule(AttentionRules.Embed)),
        ("Attention", new BatchRule(AttentionRules.SelfAttention)),
        ("MultiHeadAttention", new BatchRule(AttentionRules.MultiHead)),
    ];

    private static void AddBias(NodeStep step)
    {
        if (step.TryOnlyRows(out var x) && Broadcasting.LeavesRows(step, x, step.HasInput(1) ? step.Inputs[1] : null)) step.SetShape(0, x.Shape!.Value);
    }

    private static void FusedMatMul(NodeStep step)
    {
        if (step.Flag("transBatchA") || step.Flag("transBatchB")) step.Refuse("moves the axis that counts matrices, which is not followed");
        else ProductRules.Multiply(step, 0, 1, step.Flag("transA"), step.Flag("transB"));
    }

    private static void FusedConv(NodeStep step)
    {
        // Input 3 is added to the result, element by element.
        if (!step.TryInput(0, out var x) || !step.RequireAxis(x, 0) || !step.RequireShared(1, 2)) return;
        if (step.HasInput(3) && x.HasRows && (step.Inputs[3]!.Axis != 0 || step.Inputs[3]!.RowLength != x.RowLength || step.Inputs[3]!.Rank != x.Rank)) step.Refuse("adds a tensor that has not the same rows");
        else if (step.HasInput(3) && !x.HasRows && !step.Inputs[3]!.IsShared) step.Refuse("adds a tensor that has not the same rows");
        else WindowRules.Slide(step, x, 1);
    }

    private static void MatMulNBits(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x)) return;
        if (x.Rank == 0) step.Refuse("multiplies a scalar as a matrix");
        else if (step.KeepsApart(x, x.Rank - 1)) step.SetShape(0, x.Shape!.Value.SetItem(x.Rank - 1, step.Int("N", 0) is > 0 and var columns ? Term.Constant(columns) : step.Symbols.NewLength()));
    }

    private static void MatMulToFloat(NodeStep step)
    {
        // Left and right side, their scales, their zero points, and a bias for each column.
        ProductRules.MultiplyQuantized(step, 0, 1, [2, 4], [3, 5], []);
        if (!step.RequireShared(6, 1) || step.Output(0) is not { } product || !step.HasInput(6)) return;
        if (!Broadcasting.LeavesRows(step, product, step.Inputs[6])) step.Refuse($"adds '{step.NameOf(6)}', which is not one for each column");
    }

    private static void PairQuantized(NodeStep step)
    {
        if (!step.RequireShared(1, 2) || !step.RequireShared(4)) return;
        if (step.TryInput(0, out var a) && step.TryInput(3, out var b) && Broadcasting.Combine(step, a, b) is { } result) step.Set(0, result);
    }

    private static void FirstQuantized(NodeStep step)
    {
        if (step.TryOnlyRows(out var x)) step.SetShape(0, x.Shape!.Value);
    }

    private static void ConcatQuantized(NodeStep step)
    {
        // The output's scale and zero point, then tensor, scale and zero point of each part.
        if (!step.RequireShared(0, 2)) return;
        for (var part = 2; part < step.InputCount; part += 3)
        {
            if (!step.RequireShared(part + 1, 2)) return;
        }

        AxisRules.Join(step, [.. step.Inputs.Skip(2).Where((_, index) => index % 3 == 0)], step.Int("axis", 1));
    }

    private static void SkipNormalization(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || !step.TryInput(1, out var skip) || !step.RequireShared(2)) return;
        if (x.Rank == 0 || !step.KeepsApart(x, x.Rank - 1) || !step.KeepsApart(skip, skip.Rank - 1)) return;
        if (Broadcasting.Combine(step, x, skip) is not { } sum) return;
        if (sum.Axis != x.Axis || sum.Rank != x.Rank)
        {
            step.Refuse($"adds '{step.NameOf(1)}', whose rows are others");
            return;
        }

        step.SetShape(0, x.Shape!.Value);
        for (var output = 1; output < 3; output++) step.SetShape(output, x.Shape.Value.SetItem(x.Rank - 1, Term.One));
        step.SetShape(3, x.Shape.Value);
    }
}
