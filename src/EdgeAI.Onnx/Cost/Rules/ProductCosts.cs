namespace EdgeAI.Onnx;

/// <summary>Products of matrices: 2 flops for each element of the result and each that is summed over.</summary>
internal static class ProductCosts
{
    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        (OnnxDomains.Onnx, "MatMul", Of(step => Multiply(step, 0, 1))),
        (OnnxDomains.Onnx, "MatMulInteger", Of(step => Multiply(step, 0, 1))),
        (OnnxDomains.Onnx, "QLinearMatMul", Of(step => Multiply(step, 0, 3))),
        (OnnxDomains.Onnx, "Gemm", Of(Gemm)),
        (OnnxDomains.Onnx, "Einsum", Of(Einsum)),
        (OnnxDomains.Microsoft, "FusedMatMul", Of(FusedMatMul)),
        (OnnxDomains.Microsoft, "TransposeMatMul", Of(FusedMatMul)),
        (OnnxDomains.Microsoft, "FusedGemm", Of(Gemm)),
        (OnnxDomains.Microsoft, "MatMulNBits", Of(MatMulNBits)),
        (OnnxDomains.Microsoft, "MatMulIntegerToFloat", Of(step => Multiply(step, 0, 1, bias: 6))),
        (OnnxDomains.Microsoft, "DynamicQuantizeMatMul", Of(step => Multiply(step, 0, 1, bias: 4))),
    ];

    private static CostRule Of(Func<CostStep, OperatorWork?> count) => new(OperatorFamily.MatrixProduct, count);

    private static OperatorWork? FusedMatMul(CostStep step) => Multiply(step, 0, 1, step.Int("transA", 0) != 0, step.Int("transB", 0) != 0);

    private static OperatorWork? Gemm(CostStep step) => Multiply(step, 0, 1, step.Int("transA", 0) != 0, step.Int("transB", 0) != 0, bias: 2);

    private static OperatorWork? Multiply(CostStep step, int left, int right, bool swapLeft = false, bool swapRight = false, int bias = -1)
    {
        if (step.Shape(left) is not { Length: > 0 } a || step.Shape(right) is not { Length: > 0 } b || step.OutputCount() is not { } results) return null;
        var depth = a.Length == 1 ? a[0] : swapLeft ? a[^2] : a[^1];
        var columns = b.Length == 1 ? 1 : swapRight ? b[^2] : b[^1];
        var groups = b.Length > 2 ? CostStep.Product(b[..^2]) : 1;

        // One right matrix serves all rows of the left ones, as if these were stacked.
        var rows = columns * groups == 0 ? 0 : results / (columns * groups);
        return (OperatorWork.Product(rows, columns, depth, groups) with { ElementType = step.Input(right)!.StoredType }).Plus(bias >= 0 && step.HasInput(bias) ? results : 0);
    }

    private static OperatorWork? MatMulNBits(CostStep step)
    {
        var (depth, columns) = (step.Int("K", 0), step.Int("N", 0));
        if (step.Count(0) is not { } elements || depth <= 0 || columns <= 0) return null;
        var type = step.Int("bits", 4) switch { 2 => TensorElementType.UInt2, 4 => TensorElementType.UInt4, _ => TensorElementType.UInt8 };
        var rows = elements / depth;
        return (OperatorWork.Product(rows, columns, depth) with { ElementType = type }).Plus(step.HasInput(5) ? rows * columns : 0);
    }

    private static OperatorWork? Einsum(CostStep step)
    {
        var equation = string.Concat(step.Step.Text("equation", "").Where(c => c != ' ')).Split("->");
        var terms = equation[0].Split(',');
        if (equation.Length != 2 || terms.Length != step.Inputs.Count || equation[0].Contains('.', StringComparison.Ordinal)) return null;
        var lengths = new Dictionary<char, double>();
        for (var input = 0; input < terms.Length; input++)
        {
            if (step.Shape(input) is not { } shape || shape.Length != terms[input].Length) return null;
            for (var axis = 0; axis < shape.Length; axis++) lengths[terms[input][axis]] = Math.Max(lengths.GetValueOrDefault(terms[input][axis]), shape[axis]);
        }

        var all = CostStep.Product(lengths.Values);
        if (terms.Length != 2) return new OperatorWork(terms.Length * all);
        double Of(bool inLeft, bool inRight, bool inResult) => CostStep.Product(lengths
            .Where(pair => terms[0].Contains(pair.Key) == inLeft && terms[1].Contains(pair.Key) == inRight && equation[1].Contains(pair.Key) == inResult).Select(pair => pair.Value));
        return new OperatorWork(2 * all)
        {
            Rows = Of(true, false, true),
            Columns = Of(false, true, true),
            Depth = Of(true, true, false) * Of(true, false, false) * Of(false, true, false),
            Groups = Of(true, true, true),
            ElementType = step.Input(1)!.StoredType,
        };
    }
}
