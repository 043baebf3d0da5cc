namespace EdgeAI.Onnx;

/// <summary>Operators that work on one element, or on the elements that broadcasting pairs.</summary>
internal static class ElementwiseRules
{
    private static readonly string[] _paired =
    [
        "Abs", "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BitwiseNot", "Ceil", "Celu", "Cos", "Cosh", "Elu", "Erf", "Exp", "Floor", "Gelu",
        "HardSigmoid", "HardSwish", "Identity", "IsInf", "IsNaN", "LeakyRelu", "Log", "Mish", "Neg", "Not", "Reciprocal", "Relu", "Round", "Selu", "Shrink",
        "Sigmoid", "Sign", "Sin", "Sinh", "Softplus", "Softsign", "Sqrt", "Swish", "Tan", "Tanh", "ThresholdedRelu",
        "Add", "And", "BitShift", "BitwiseAnd", "BitwiseOr", "BitwiseXor", "Div", "Equal", "Greater", "GreaterOrEqual", "Less", "LessOrEqual", "Max", "Mean",
        "Min", "Mod", "Mul", "Or", "PRelu", "Pow", "Sub", "Sum", "Where", "Xor",
    ];

    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        .. _paired.Select(name => (name, new BatchRule(Pair))),
        ("Cast", new BatchRule(First)),
        ("CastLike", new BatchRule(First, CountInputs: 0b10)),
        ("Clip", new BatchRule(Clip)),
        ("Dropout", new BatchRule(Dropout)),
    ];

    /// <summary>Each output element depends on input 0's element in its place.</summary>
    public static void First(NodeStep step)
    {
        if (!step.TryInput(0, out var value)) return;
        for (var output = 0; output < step.Node.Outputs.Length; output++) step.SetShape(output, value.Shape!.Value);
    }

    private static void Pair(NodeStep step)
    {
        // Before version 7 shapes aligned at an axis of the node's choice.
        if (step.InputCount > 1 && (step.Flag("broadcast") || step.Node.FindAttribute("axis") is not null)) step.Refuse("broadcasts as operator sets before version 7 do");
        else Broadcasting.All(step);
    }

    private static void Clip(NodeStep step)
    {
        if (step.RequireShared(1)) First(step);
    }

    private static void Dropout(NodeStep step)
    {
        var mayTrain = step.Version >= 12
            ? step.HasInput(2) && !(step.TryConstants(2, out var training) && training is [0])
            : step.Version < 7 && !step.Flag("is_test");
        if (mayTrain) step.Refuse("drops elements at random, as in training");
        else First(step);
    }
}
