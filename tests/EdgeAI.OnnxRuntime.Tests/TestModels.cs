using EdgeAI.Devices;
using EdgeAI.Onnx;

namespace EdgeAI.OnnxRuntime.Tests;

/// <summary>Small models, and the short way to a session over one.</summary>
internal static class TestModels
{
    public const TensorElementType Float = TensorElementType.Float32;

    public static OnnxValueInfo Value(string name, params ReadOnlySpan<OnnxDimension> shape) => OnnxValueInfo.Tensor(name, Float, shape);

    public static OnnxValueInfo Value(string name, TensorElementType type, params ReadOnlySpan<OnnxDimension> shape) => OnnxValueInfo.Tensor(name, type, shape);

    /// <summary>y = x + x, elementwise, over "n" elements.</summary>
    public static OnnxModel Double() => Graph([new OnnxNode("Add", ["x", "x"], ["y"]) { Name = "add" }], [Value("x", "n")], [Value("y", "n")]);

    /// <summary>y = f(x) of one node, in any element type.</summary>
    public static OnnxModel Unary(string op, TensorElementType type, params ReadOnlySpan<OnnxDimension> shape) =>
        Graph([new OnnxNode(op, ["x"], ["y"]) { Name = "node" }], [Value("x", type, shape)], [Value("y", type, shape)]);

    /// <summary>A graph in opset 21.</summary>
    public static OnnxModel Graph(OnnxNode[] nodes, OnnxValueInfo[] inputs, OnnxValueInfo[] outputs, params ReadOnlySpan<OnnxTensor> initializers) =>
        new(new OnnxGraph("test", [.. nodes], [.. inputs], [.. outputs], initializers), 21, new OnnxOpsetImport(OnnxDomains.Microsoft, 1));

    /// <summary>A chain of matrix multiplications, long enough to be interrupted: each takes milliseconds.</summary>
    public static OnnxModel LongRunning(int nodes = 400, int size = 256)
    {
        var chain = Enumerable.Range(0, nodes).Select(i => new OnnxNode("MatMul", [i == 0 ? "x" : $"v{i}", "w"], [i == nodes - 1 ? "y" : $"v{i + 1}"]) { Name = $"mm{i}" });
        return Graph([.. chain], [Value("x", size, size)], [Value("y", size, size)], OnnxTensor.Create<float>("w", new float[size * size], size, size));
    }

    public static OnnxModelDescriptor Describe(OnnxModel model, string id = "test") => OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(model), id));

    public static async Task<IDeviceSession> OpenAsync(OnnxModel model, DeviceSessionOptions? options = null, OnnxSessionSetup? setup = null, CancellationToken cancellationToken = default)
    {
        // The session keeps what it needs of the descriptor.
        using var descriptor = Describe(model);
        return await OpenAsync(descriptor, options, setup, cancellationToken);
    }

    public static ValueTask<IDeviceSession> OpenAsync(ModelDescriptor descriptor, DeviceSessionOptions? options = null, OnnxSessionSetup? setup = null, CancellationToken cancellationToken = default) =>
        OnnxSessionFactory.OpenAsync(descriptor, options ?? new DeviceSessionOptions(), setup ?? new OnnxSessionSetup { DeviceId = "cpu:0" }, cancellationToken);
}
