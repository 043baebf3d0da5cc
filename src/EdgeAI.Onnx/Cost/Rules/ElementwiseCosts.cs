namespace EdgeAI.Onnx;

/// <summary>One function of each element: it counts as one flop, whatever it is; quantising scales, rounds and clamps, and so counts three.</summary>
internal static class ElementwiseCosts
{
    private static readonly string[] _unary =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Cast", "CastLike", "Ceil", "Celu", "Clip", "Cos", "Cosh", "Elu", "Erf", "Exp", "Floor", "Gelu",
        "HardSigmoid", "HardSwish", "IsInf", "IsNaN", "LeakyRelu", "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink",
        "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
    ];

    private static readonly string[] _paired =
    [
        "Add", "And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean",
        "Min", "Mod", "Mul", "Or", "PRelu", "Pow", "Sub", "Sum", "Where", "Xor",
    ];

    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        .. _unary.Select(name => (OnnxDomains.Onnx, name, Of(step => EachResult(step, 1)))),
        .. _paired.Select(name => (OnnxDomains.Onnx, name, Of(Combine))),
        (OnnxDomains.Onnx, "Dropout", Of(_ => OperatorWork.View)),
        (OnnxDomains.Onnx, "QuantizeLinear", Of(step => EachResult(step, 3))),
        (OnnxDomains.Onnx, "DequantizeLinear", Of(step => EachResult(step, 2))),

        // The range is found first.
        (OnnxDomains.Onnx, "DynamicQuantizeLinear", Of(step => EachResult(step, 5))),

        // Two products and a sum for each element of the pairs that are turned.
        (OnnxDomains.Onnx, "RotaryEmbedding", Of(step => EachResult(step, 3))),
        (OnnxDomains.Microsoft, "RotaryEmbedding", Of(step => EachResult(step, 3))),
        (OnnxDomains.Microsoft, "Gelu", Of(step => EachResult(step, 1))),
        (OnnxDomains.Microsoft, "QuickGelu", Of(step => EachResult(step, 1))),
        (OnnxDomains.Microsoft, "FastGelu", Of(step => EachResult(step, step.HasInput(1) ? 2 : 1))),
        (OnnxDomains.Microsoft, "BiasGelu", Of(step => EachResult(step, 2))),
        (OnnxDomains.Microsoft, "QuantizeLinear", Of(step => EachResult(step, 3))),
        (OnnxDomains.Microsoft, "DequantizeLinear", Of(step => EachResult(step, 2))),
        (OnnxDomains.Microsoft, "QLinearAdd", Of(step => EachResult(step, 8))),
        (OnnxDomains.Microsoft, "QLinearMul", Of(step => EachResult(step, 8))),
        (OnnxDomains.Microsoft, "QLinearSigmoid", Of(step => EachResult(step, 1))),
        (OnnxDomains.Microsoft, "QLinearLeakyRelu", Of(step => EachResult(step, 1))),
    ];

    private static CostRule Of(Func<CostStep, OperatorWork?> count) => new(OperatorFamily.Elementwise, count);

    private static OperatorWork? EachResult(CostStep step, double flops) => step.OutputCount() is { } results ? new OperatorWork(flops * results) : null;

    private static OperatorWork? Combine(CostStep step) => EachResult(step, Math.Max(1, step.Inputs.Count - 1));
}
