using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Generation.Tests;

/// <summary>Runs graphs of one or two nodes on ONNX Runtime's CPU kernels: an oracle that shares no code with the quantiser.</summary>
internal static class OperatorRunner
{
    /// <summary>y [rows, N] = x [rows, K] * the weight.</summary>
    public static Task<float[]> MatMulNBitsAsync(QuantizedRows weight, int accuracyLevel, float[] x)
    {
        var (format, columns, n) = (weight.Format, weight.Columns, weight.Rows);
        var blocks = format.BlocksPerRow(columns);
        OnnxTensor[] initializers =
        [
            OnnxTensor.Create<byte>("b", weight.Weights, n, blocks, format.BytesPerBlock),
            OnnxTensor.Create<float>("scales", weight.Scales, n, blocks),
            .. format.IsSymmetric ? Array.Empty<OnnxTensor>() : [OnnxTensor.Create<byte>("zero_points", weight.ZeroPoints, n, format.ZeroPointBytesPerRow(columns))],
        ];
        var node = new OnnxNode("MatMulNBits", ["x", .. initializers.Select(tensor => tensor.Name)], ["y"])
        {
            Domain = OnnxDomains.Microsoft,
            Attributes =
            [
                OnnxAttribute.Int("K", columns), OnnxAttribute.Int("N", n), OnnxAttribute.Int("bits", format.Bits), OnnxAttribute.Int("block_size", format.BlockSize),
                OnnxAttribute.Int("accuracy_level", accuracyLevel),
            ],
        };
        return RunAsync([node], OnnxValueInfo.Tensor("x", TensorElementType.Float32, "rows", columns), TensorValue.Create(x, x.Length / columns, columns), initializers);
    }

    /// <summary>Rows of a quantised embedding.</summary>
    public static Task<float[]> GatherBlockQuantizedAsync(BlockFormat format, int columns, byte[] data, float[] scales, byte[] zeroPoints, long[] indices)
    {
        var rows = data.Length / GatherFormat.BytesPerRow(format, columns);
        var node = new OnnxNode("GatherBlockQuantized", ["data", "i", "scales", "zero_points"], ["y"])
        {
            Domain = OnnxDomains.Microsoft,
            Attributes = [OnnxAttribute.Int("gather_axis", 0), OnnxAttribute.Int("quantize_axis", 1), OnnxAttribute.Int("block_size", format.BlockSize), OnnxAttribute.Int("bits", format.Bits)],
        };
        return RunAsync(
            [node], OnnxValueInfo.Tensor("i", TensorElementType.Int64, "count"), TensorValue.Create(indices, indices.Length), OnnxTensor.Create<byte>("data", data, rows, GatherFormat.BytesPerRow(format, columns)),
            OnnxTensor.Create<float>("scales", scales, rows, format.BlocksPerRow(columns)), OnnxTensor.Create<byte>("zero_points", zeroPoints, rows, GatherFormat.ZeroPointBytesPerRow(format, columns)));
    }

    /// <summary>Rows of an embedding of 16-bit floats, as float32.</summary>
    public static Task<float[]> GatherAndCastAsync<T>(T[] data, int columns, long[] indices) where T : unmanaged => RunAsync(
        [new OnnxNode("Gather", ["data", "i"], ["rows"]), new OnnxNode("Cast", ["rows"], ["y"]) { Attributes = [OnnxAttribute.Int("to", 1)] }],
        OnnxValueInfo.Tensor("i", TensorElementType.Int64, "count"), TensorValue.Create(indices, indices.Length), OnnxTensor.Create<T>("data", data, data.Length / columns, columns));

    private static async Task<float[]> RunAsync(OnnxNode[] nodes, OnnxValueInfo input, TensorValue value, params OnnxTensor[] initializers)
    {
        var graph = new OnnxGraph("test", [.. nodes], [input], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "count", "columns")], initializers);
        using var model = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, 21, new OnnxOpsetImport(OnnxDomains.Microsoft, 1))), "test"));
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCpu();
        await using var container = services.BuildServiceProvider();
        var device = (await container.GetRequiredService<IDeviceProvider>().DiscoverAsync()).Devices[0];
        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions());
        using (value)
        {
            using var y = (await session.RunAsync([value]))[0];
            return y.AsSpan<float>().ToArray();
        }
    }
}
