namespace EdgeAI.Onnx;

/// <summary>Convolutions, as products of the elements under each place of the window by the weights of each output channel.</summary>
internal static class ConvolutionCosts
{
    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        (OnnxDomains.Onnx, "Conv", Of(step => Convolve(step, weights: 1, bias: 2))),
        (OnnxDomains.Onnx, "ConvInteger", Of(step => Convolve(step, weights: 1, bias: -1))),
        (OnnxDomains.Onnx, "QLinearConv", Of(step => Convolve(step, weights: 3, bias: 8))),
        (OnnxDomains.Onnx, "ConvTranspose", Of(ConvolveBack)),
        (OnnxDomains.Microsoft, "QLinearConv", Of(step => Convolve(step, weights: 3, bias: 8))),
        (OnnxDomains.Microsoft, "FusedConv", Of(FusedConv)),
    ];

    private static CostRule Of(Func<CostStep, OperatorWork?> count) => new(OperatorFamily.Convolution, count);

    private static OperatorWork? FusedConv(CostStep step) => Convolve(step, weights: 1, bias: 2)?.Plus(step.HasInput(3) ? step.OutputCount() ?? 0 : 0);

    private static OperatorWork? Convolve(CostStep step, int weights, int bias)
    {
        // Weights: output channels, input channels of a group, window.
        if (step.Shape(weights) is not { Length: > 2 } w || step.OutputCount() is not { } results || w[0] == 0) return null;
        var groups = Math.Max(1, step.Int("group", 1));
        return (OperatorWork.Product(results / w[0], w[0] / groups, CostStep.Product(w[1..]), groups) with { ElementType = step.Input(weights)!.StoredType, Window = CostStep.Product(w[2..]) })
            .Plus(bias >= 0 && step.HasInput(bias) ? results : 0);
    }

    private static OperatorWork? ConvolveBack(CostStep step)
    {
        // Weights: input channels, output channels of a group, window. Each input element is spread over the window of its group's output channels.
        if (step.Shape(1) is not { Length: > 2 } w || step.Count(0) is not { } elements || w[0] == 0) return null;
        var groups = Math.Max(1, step.Int("group", 1));
        return (OperatorWork.Product(elements / w[0], CostStep.Product(w[1..]), w[0] / groups, groups) with { ElementType = step.Input(1)!.StoredType, Window = CostStep.Product(w[2..]) })
            .Plus(step.HasInput(2) ? step.OutputCount() ?? 0 : 0);
    }
}
