using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Samples.Neuromorphic;
using Microsoft.Extensions.Options;

namespace EdgeAI.Samples.Tests.Neuromorphic;

/// <summary>The toy device and small models for it.</summary>
internal static class Toy
{
    public static NeuromorphicDeviceProvider CreateProvider() => CreateProvider(new SynapticActivity());

    public static NeuromorphicDeviceProvider CreateProvider(SynapticActivity activity, NeuromorphicOptions? options = null) =>
        new(Options.Create(options ?? new NeuromorphicOptions()), activity);

    public static async Task<IDevice> FindAsync(SynapticActivity? activity = null, NeuromorphicOptions? options = null) =>
        (await CreateProvider(activity ?? new SynapticActivity(), options).DiscoverAsync()).Devices.Single();

    /// <summary>A model of one node over <c>x</c> that gives <c>y</c>.</summary>
    public static byte[] Model(OnnxNode node, OnnxDimension[] input, int outputRank, params OnnxTensor[] constants) => Model([node], input, outputRank, constants: constants);

    public static byte[] Model(
        OnnxNode[] nodes,
        OnnxDimension[] input,
        int outputRank,
        long opset = 17,
        TensorElementType type = TensorElementType.Float32,
        params OnnxTensor[] constants)
    {
        var output = Enumerable.Range(0, outputRank).Select(axis => new OnnxDimension($"d{axis}")).ToArray();
        var graph = new OnnxGraph("toy", [.. nodes], [OnnxValueInfo.Tensor("x", type, input)], [OnnxValueInfo.Tensor("y", type, output)], constants);
        return OnnxWriter.ToBytes(new OnnxModel(graph, opset) { IrVersion = 8 });
    }

    public static OnnxModelDescriptor Describe(byte[] model) => OnnxModelDescriptor.Open(ModelSource.FromBytes(model, "toy-model"));

    public static async Task<DeviceSupport> EvaluateAsync(byte[] model)
    {
        await using var device = await FindAsync();
        using var descriptor = Describe(model);
        return device.Evaluate(descriptor);
    }

    /// <summary>Runs a model of one input and one output once.</summary>
    public static async Task<(float[] Answer, nint[] Lengths)> RunAsync(byte[] model, float[] data, nint[] lengths, SynapticActivity? activity = null)
    {
        await using var device = await FindAsync(activity);
        using var descriptor = Describe(model);
        await using var session = await device.OpenSessionAsync(descriptor, new DeviceSessionOptions());
        using var input = TensorValue.Create(data, lengths);
        using var output = (await session.RunAsync([input]))[0];
        return (output.AsSpan<float>().ToArray(), output.Lengths.ToArray());
    }

    /// <summary>Elements of which about a third are zero, as after a rectifier.</summary>
    public static float[] Sparse(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.Next(3) == 0 ? 0 : (float)((2 * random.NextDouble()) - 1))];
    }
}
