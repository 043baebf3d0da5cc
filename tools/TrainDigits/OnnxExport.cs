using System.Collections.Immutable;
using EdgeAI.Onnx;
using EdgeAI.TrainDigits.Layers;

namespace EdgeAI.TrainDigits;

/// <summary>Writes a network down as an ONNX graph: <c>image</c> [batch, 1, 28, 28] in, softmax <c>probabilities</c> [batch, 10] out.</summary>
internal static class OnnxExport
{
    /// <summary>Old enough for every ONNX Runtime of the last years, new enough for a softmax over one axis.</summary>
    private const int Opset = 17;
    private const int IrVersion = 8;

    private const string Input = "image";
    private const string Output = "probabilities";
    private const string Batch = "batch";

    public static OnnxModel ToModel(Network network, ImmutableArray<KeyValuePair<string, string>> metadata)
    {
        var nodes = ImmutableArray.CreateBuilder<OnnxNode>();
        var initializers = new List<OnnxTensor>();
        var value = Input;
        for (var i = 0; i < network.Layers.Count; i++)
        {
            var parameters = network.Slice(network.Parameters, i);
            switch (network.Layers[i])
            {
                case Convolution layer:
                    var (kernel, bias) = AddWeights(parameters, layer.WeightCount, [layer.Outputs, layer.Inputs, Convolution.Kernel, Convolution.Kernel]);
                    Add("Conv", [value, kernel, bias], OnnxAttribute.Ints("pads", 1, 1, 1, 1));
                    break;
                case Rectifier:
                    Add("Relu", [value]);
                    break;
                case MaxPool:
                    Add("MaxPool", [value], OnnxAttribute.Ints("kernel_shape", MaxPool.Window, MaxPool.Window), OnnxAttribute.Ints("strides", MaxPool.Window, MaxPool.Window));
                    break;
                case Dense layer:
                    if (network.Layers[i - 1] is MaxPool) Add("Flatten", [value]);
                    var (matrix, offset) = AddWeights(parameters, layer.WeightCount, [layer.OutputLength, layer.InputLength]);
                    Add("Gemm", [value, matrix, offset], OnnxAttribute.Int("transB", 1));
                    break;
                default:
                    throw new NotSupportedException($"{network.Layers[i].GetType().Name} has no ONNX counterpart here; add one.");
            }
        }

        nodes.Add(new OnnxNode("Softmax", [value], [Output], OnnxAttribute.Int("axis", 1)) { Name = Output });

        var graph = new OnnxGraph(
            "digits",
            nodes.ToImmutable(),
            [OnnxValueInfo.Tensor(Input, TensorElementType.Float32, Batch, 1, 28, 28)],
            [OnnxValueInfo.Tensor(Output, TensorElementType.Float32, Batch, 10)],
            [.. initializers]);
        return new OnnxModel(graph, Opset)
        {
            IrVersion = IrVersion,
            ProducerName = "EdgeAI TrainDigits",
            DocString = "Reads a digit, 0 to 9, painted in grey on 28x28 pixels: 0 is paper, 1 is ink.",
            Metadata = metadata,
        };

        void Add(string opType, ImmutableArray<string> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
        {
            value = $"{opType.ToLowerInvariant()}{nodes.Count(node => node.OpType == opType) + 1}";
            nodes.Add(new OnnxNode(opType, inputs, [value], attributes) { Name = value });
        }

        (string Weight, string Bias) AddWeights(ReadOnlySpan<float> parameters, int weightCount, ReadOnlySpan<nint> lengths)
        {
            var number = (initializers.Count / 2) + 1;
            initializers.Add(OnnxTensor.Create($"weight{number}", parameters[..weightCount], lengths));
            initializers.Add(OnnxTensor.Create($"bias{number}", parameters[weightCount..], parameters.Length - weightCount));
            return (initializers[^2].Name, initializers[^1].Name);
        }
    }
}
