using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

/// <summary>How long a node takes by the rates of its family, without its fixed cost. Pure.</summary>
/// <param name="rates">The device.</param>
/// <param name="workingSet">Bytes of weights that a run of the model reads.</param>
internal sealed class NodeTimes(DeviceRates rates, double workingSet)
{
    // Functions that take tens of instructions an element, where a sum takes one.
    private static readonly HashSet<string> _dearFunctions = new(StringComparer.Ordinal)
    {
        "Acos", "Acosh", "Asin", "Asinh", "Atan", "Atanh", "BiasGelu", "Celu", "Cos", "Cosh", "Elu", "Erf", "Exp", "FastGelu", "Gelu", "HardSwish", "Log", "Mish", "Pow", "QLinearSigmoid",
        "QuickGelu", "Selu", "Sigmoid", "Sin", "Sinh", "Softplus", "Softsign", "Swish", "Tan", "Tanh",
    };

    public NodeTime Of(NodeCost node) => node.Family switch
    {
        _ when node.IsView => default,
        OperatorFamily.MatrixProduct => new NodeTime(Divide(node.Flops, ProductRate(node)), Weights(node)),
        OperatorFamily.Convolution => new NodeTime(Divide(node.Flops, ConvolutionRate(node)), Weights(node)),
        OperatorFamily.Attention => new NodeTime(Divide(node.Flops, Measured(ProbeSuite.BatchedProduct, node, node.Rows)), Weights(node) + Move(node.BytesRead + node.BytesWritten)),
        OperatorFamily.Recurrent => new NodeTime(Divide(node.Flops, Measured(ProbeSuite.Lstm, node, node.Steps) * Widening(node)), Weights(node)),
        OperatorFamily.Normalization => new NodeTime(0, NormalizationTime(node)),
        OperatorFamily.Reduction when node.OpType.EndsWith("Pool", StringComparison.Ordinal) => new NodeTime(Divide(node.Flops, rates.Flops(ProbeSuite.MaxPool)), Move(BytesOf(node))),
        OperatorFamily.Elementwise when _dearFunctions.Contains(node.OpType) => new NodeTime(Divide(node.Flops, rates.Flops(ProbeSuite.Sigmoid)), Move(BytesOf(node))),
        OperatorFamily.Movement when node.OpType == "Transpose" => new NodeTime(0, Move(BytesOf(node), ProbeSuite.Transpose)),
        _ => new NodeTime(0, Move(BytesOf(node))),
    };

    private static double BytesOf(NodeCost node) => node.WeightBytes + node.BytesRead + node.BytesWritten;

    private static double Divide(double amount, double rate) => amount == 0 ? 0 : amount / rate;

    private double Weights(NodeCost node) => Divide(node.WeightBytes, rates.Memory(workingSet));

    /// <summary>Activations: the operator's rate on a few megabytes, and as much less on more as memory is slower than caches.</summary>
    private double Move(double bytes, string name = ProbeSuite.Add) => Divide(bytes, rates.Bytes(name, VectorSize) * rates.Share(bytes));

    private const double VectorSize = 512;

    private double NormalizationTime(NodeCost node) => node.OpType switch
    {
        "BatchNormalization" => Move(BytesOf(node)),
        "Softmax" or "LogSoftmax" => Move(BytesOf(node), ProbeSuite.Softmax),
        _ => Move(BytesOf(node), ProbeSuite.LayerNorm),
    };

    private double ProductRate(NodeCost node) =>
        node.Groups > 1 && node.WeightBytes == 0 ? Measured(ProbeSuite.BatchedProduct, node, node.Rows) : rates.Gemm(node.ElementType, node.Rows);

    private double ConvolutionRate(NodeCost node)
    {
        var isDepthwise = node.Groups > 1 && node.Columns <= 1;
        var rate = Measured(isDepthwise ? ProbeSuite.Depthwise : node.Window == 1 ? ProbeSuite.Conv1x1 : ProbeSuite.Conv3x3, node, node.Rows);

        if (!isDepthwise) rate *= Narrowing(node);

        // Of quantised convolutions only products were measured: they gain as much.
        return rate * (rates.Gemm(node.ElementType, node.Rows) / rates.Gemm(TensorElementType.Float32, node.Rows));
    }

    /// <summary>Few channels leave parts of the vectors empty: the share that 8 of them reach of 64, and what lies between.</summary>
    private double Narrowing(NodeCost node)
    {
        var narrow = rates.Flops(ProbeSuite.NarrowConv);
        if (narrow <= 0 || node.Window == 0) return 1;
        var curve = new RateCurve([(ProbeSuite.NarrowChannels, Math.Min(1, narrow / rates.Flops(ProbeSuite.Conv3x3, NarrowRows))), (ProbeSuite.WideChannels, 1)]);
        return curve.At(Math.Sqrt(node.Columns * node.Depth / node.Window));
    }

    private const double NarrowRows = 28 * 28;

    /// <summary>Several sequences at once make the products of a step larger; a step's own rate was measured for one.</summary>
    private double Widening(NodeCost node) => rates.Gemm(TensorElementType.Float32, node.Rows) / rates.Gemm(TensorElementType.Float32, 1);

    private double Measured(string name, NodeCost node, double rows) => rates.Flops(name, rows) is > 0 and var rate ? rate : rates.Gemm(node.ElementType, node.Rows);
}
