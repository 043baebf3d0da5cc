namespace EdgeAI.Onnx;

/// <summary>Elements that change places: no arithmetic, except where values in between are made.</summary>
internal static class MovementCosts
{
    private static readonly string[] _views = ["Reshape", "Flatten", "Squeeze", "Unsqueeze", "Identity", "Shape", "Size", "Constant", "Optional", "OptionalGetElement", "OptionalHasElement"];

    private static readonly string[] _copies =
    [
        "Transpose", "Concat", "Split", "Pad", "Tile", "Expand", "Trilu", "DepthToSpace", "SpaceToDepth", "ReverseSequence", "OneHot", "ConstantOfShape", "Range", "EyeLike",
        "ScatterElements", "ScatterND", "Compress", "NonZero",
    ];

    // These read as much as they write, not all that they could.
    private static readonly string[] _picks = ["Slice", "Gather", "GatherElements", "GatherND"];

    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        .. _views.Select(name => (OnnxDomains.Onnx, name, Of(_ => OperatorWork.View))),
        .. _copies.Select(name => (OnnxDomains.Onnx, name, Of(step => step.OutputCount() is null ? null : OperatorWork.Nothing))),
        .. _picks.Select(name => (OnnxDomains.Onnx, name, Of(step => step.OutputCount() is { } results ? OperatorWork.Nothing with { ElementsRead = results } : null))),
        (OnnxDomains.Onnx, "Resize", Of(Resize)),
        (OnnxDomains.Onnx, "Upsample", Of(Resize)),
        (OnnxDomains.Microsoft, "QLinearConcat", Of(step => step.OutputCount() is null ? null : OperatorWork.Nothing)),
    ];

    private static CostRule Of(Func<CostStep, OperatorWork?> count) => new(OperatorFamily.Movement, count);

    // Interpolation weighs the neighbours along each axis that changes: two of them, or four where it is cubic.
    private static OperatorWork? Resize(CostStep step)
    {
        if (step.OutputCount() is not { } results || step.Shape(0) is not { } from || step.OutputShape() is not { } to || from.Length != to.Length) return null;
        var neighbours = step.Step.Text("mode", "nearest") switch { "linear" or "bilinear" => 2, "cubic" => 4, _ => 0 };
        var changed = from.Zip(to, (a, b) => a != b).Count(isChanged => isChanged);
        return new OperatorWork(neighbours == 0 ? 0 : 2 * results * Math.Pow(neighbours, changed));
    }
}
