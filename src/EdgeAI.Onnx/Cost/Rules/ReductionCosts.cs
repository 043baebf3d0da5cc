namespace EdgeAI.Onnx;

/// <summary>Several elements become one: each that goes in counts one flop.</summary>
internal static class ReductionCosts
{
    private static readonly string[] _overInput =
    [
        "ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSum", "ReduceSumSquare",
        "ArgMax", "ArgMin", "CumSum", "GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool",
    ];

    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        .. _overInput.Select(name => (OnnxDomains.Onnx, name, Of(step => step.Count(0) is { } count ? new OperatorWork(count) : null))),
        (OnnxDomains.Onnx, "TopK", Of(Sort)),
        (OnnxDomains.Onnx, "MaxPool", Of(Pool)),
        (OnnxDomains.Onnx, "AveragePool", Of(Pool)),
        (OnnxDomains.Onnx, "LpPool", Of(Pool)),
    ];

    private static CostRule Of(Func<CostStep, OperatorWork?> count) => new(OperatorFamily.Reduction, count);

    private static OperatorWork? Pool(CostStep step) =>
        step.OutputCount() is { } results && new WindowShape(step.Node).Kernel is { IsEmpty: false } window ? new OperatorWork(results * CostStep.Product(window.Select(length => (double)length))) : null;

    // A heap of k elements takes log2 k comparisons for each element in the worst case.
    private static OperatorWork? Sort(CostStep step) =>
        step.Count(0) is { } count && step.OutputShape() is { Length: > 0 } shape && step.Int("axis", -1) is var axis && (axis < 0 ? axis + shape.Length : axis) is >= 0 and var index && index < shape.Length
            ? new OperatorWork(count * Math.Max(1, Math.Ceiling(Math.Log2(Math.Max(2, shape[index])))))
            : null;
}
