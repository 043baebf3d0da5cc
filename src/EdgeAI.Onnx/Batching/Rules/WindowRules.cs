using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Convolution and pooling: rows lie along axis 0, windows slide over axes 2 and up.</summary>
internal static class WindowRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Conv", new BatchRule(step => Convolve(step, weights: 1))),
        ("ConvInteger", new BatchRule(step => Convolve(step, weights: 1))),
        ("QLinearConv", new BatchRule(step => Convolve(step, weights: 3))),
        ("ConvTranspose", new BatchRule(ConvolveBack)),
        ("MaxPool", new BatchRule(Pool)),
        ("AveragePool", new BatchRule(Pool)),
        ("LpPool", new BatchRule(Pool)),
        ("GlobalAveragePool", new BatchRule(PoolAll)),
        ("GlobalMaxPool", new BatchRule(PoolAll)),
        ("GlobalLpPool", new BatchRule(PoolAll)),
        ("DepthToSpace", new BatchRule(step => Rearrange(step, toSpace: true))),
        ("SpaceToDepth", new BatchRule(step => Rearrange(step, toSpace: false))),
    ];

    /// <summary>A convolution whose other inputs are shared.</summary>
    public static void Convolve(NodeStep step, int weights)
    {
        if (step.TryOnlyRows(out var x) && step.RequireAxis(x, 0)) Slide(step, x, weights);
    }

    /// <summary>The output of a convolution by the weights of that input.</summary>
    public static void Slide(NodeStep step, BatchValue x, int weights)
    {
        var kernel = step.HasInput(weights) ? step.Inputs[weights]!.Shape : null;
        var channels = kernel is { Length: > 0 } known ? known[0] : step.Symbols.NewLength();
        Slide(step, x, channels, kernel);
    }

    private static void ConvolveBack(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x) || !step.RequireAxis(x, 0)) return;
        var kernel = step.HasInput(1) ? step.Inputs[1]!.Shape : null;
        var channels = kernel is { Length: > 1 } known && step.Int("group", 1) == 1 ? known[1] : step.Symbols.NewLength();
        SetSpatial(step, x, channels, _ => step.Symbols.NewLength());
    }

    private static void Pool(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x) || !step.RequireAxis(x, 0)) return;
        if (x.HasRows && step.HasOutput(1)) step.Refuse("counts its indices through all rows");
        else if (x.Rank > 1) Slide(step, x, x.Shape!.Value[1], weights: null);
    }

    private static void PoolAll(NodeStep step)
    {
        if (step.TryOnlyRows(out var x) && step.RequireAxis(x, 0) && x.Rank > 1) SetSpatial(step, x, x.Shape!.Value[1], _ => Term.One);
    }

    private static void Rearrange(NodeStep step, bool toSpace)
    {
        if (!step.TryOnlyRows(out var x) || !step.RequireAxis(x, 0) || x.Rank < 2) return;
        var block = Term.Constant(step.Int("blocksize", 1));
        var area = Term.Multiply(block, block);
        Term? Scale(Term length, Term? by, bool grows) => by is null ? null : grows ? Term.Multiply(length, by.Value) : Term.Divide(length, by.Value);
        SetSpatial(
            step,
            x,
            Scale(x.Shape!.Value[1], area, !toSpace) ?? step.Symbols.NewLength(),
            axis => Scale(x.Shape.Value[axis], block, toSpace) ?? step.Symbols.NewLength());
    }

    private static void Slide(NodeStep step, BatchValue x, Term channels, ImmutableArray<Term>? weights)
    {
        var window = new WindowShape(step.Node);
        SetSpatial(step, x, channels, axis =>
        {
            var kernel = axis - 2 < window.Kernel.Length ? window.Kernel[axis - 2] : weights is { } w && axis < w.Length && w[axis].IsConstant ? w[axis].Factor : 0;
            var length = x.Shape!.Value[axis];
            return length.IsConstant && length.Factor <= int.MaxValue && kernel > 0 && window.OutputLength(axis - 2, x.Rank - 2, (nint)length.Factor, kernel) is > 0 and { } result
                ? Term.Constant(result)
                : step.Symbols.NewLength();
        });
    }

    private static void SetSpatial(NodeStep step, BatchValue x, Term channels, Func<int, Term> spatial)
    {
        if (x.Rank < 2) return;
        step.SetShape(0, [x.Shape!.Value[0], channels, .. Enumerable.Range(2, x.Rank - 2).Select(spatial)]);
    }
}
