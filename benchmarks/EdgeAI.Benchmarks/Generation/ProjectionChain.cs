using EdgeAI.Devices;
using EdgeAI.Onnx;

namespace EdgeAI.Benchmarks.Generation;

/// <summary>
/// A decoder's projections and nothing else: its own MatMulNBits nodes with its own weights, run one after another on one row each. Nothing that reads these weights for a token can be faster with these kernels.
/// </summary>
internal sealed class ProjectionChain : IAsyncDisposable
{
    private readonly OnnxModelDescriptor _model;
    private readonly IDeviceSession _session;
    private readonly ISessionBinding _binding;

    private ProjectionChain(OnnxModelDescriptor model, IDeviceSession session, int nodes, long weightBytes)
    {
        (_model, _session, Nodes, WeightBytes) = (model, session, nodes, weightBytes);
        _binding = session.CreateBinding();
        var random = new Random(1);
        for (var i = 0; i < session.Signature.Inputs.Count; i++) _binding.SetInput(i, Row(session.Signature.Inputs[i], random));
        for (var i = 0; i < session.Signature.Outputs.Count; i++) _binding.SetOutput(i, Row(session.Signature.Outputs[i], random));
    }

    public int Nodes { get; }

    /// <summary>What a token must read: packed weights, scales and zero points.</summary>
    public long WeightBytes { get; }

    /// <summary>Writes the chain of a decoder and opens it.</summary>
    /// <param name="decoder">The decoder's ONNX file.</param>
    /// <param name="path">Where the chain is written; its weights beside it.</param>
    /// <param name="device">Who runs it.</param>
    /// <param name="threads">Of a run.</param>
    /// <exception cref="ArgumentException">The decoder has no such nodes.</exception>
    public static async Task<ProjectionChain> OpenAsync(string decoder, string path, IDevice device, int threads)
    {
        var (nodes, weightBytes) = Write(decoder, path);
        var model = OnnxModelDescriptor.Open(ModelSource.FromFile(path));
        return new ProjectionChain(model, await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = threads }), nodes, weightBytes);
    }

    public ValueTask RunAsync() => _binding.RunAsync();

    public async ValueTask DisposeAsync()
    {
        _binding.Dispose();
        await _session.DisposeAsync();
        _model.Dispose();
    }

    private static (int Nodes, long WeightBytes) Write(string decoder, string path)
    {
        using var source = OnnxModelDescriptor.Open(ModelSource.FromFile(decoder));
        var projections = source.Model.Graph.Nodes.Where(node => node.OpType == "MatMulNBits").ToArray();
        if (projections.Length == 0) throw new ArgumentException($"'{decoder}' has no MatMulNBits nodes: build it with --precision int4 or int8.");
        var used = projections.SelectMany(node => node.Inputs.Skip(1)).ToHashSet();
        OnnxTensor[] weights = [.. source.Model.Graph.Initializers.Where(tensor => used.Contains(tensor.Name))];
        var graph = new OnnxGraph(
            "projections",
            [.. projections.Select((node, i) => node with { Inputs = [$"x{Length(node, "K")}", .. node.Inputs.Skip(1)], Outputs = [$"y{i}"] })],
            [.. projections.Select(node => Length(node, "K")).Distinct().Select(length => OnnxValueInfo.Tensor($"x{length}", TensorElementType.Float32, 1, 1, length))],
            [.. projections.Select((node, i) => OnnxValueInfo.Tensor($"y{i}", TensorElementType.Float32, 1, 1, Length(node, "N")))],
            weights);
        OnnxWriter.Write(new OnnxModel(graph, [.. source.Model.OpsetImports]), path, new OnnxWriterOptions { ExternalDataThreshold = 1024, ExternalDataAlignment = 4096 });
        return (projections.Length, weights.Sum(tensor => tensor.Data.Length));
    }

    private static long Length(OnnxNode node, string attribute) => node.FindAttribute(attribute)!.AsInt();

    private static TensorValue Row(TensorSpec spec, Random random)
    {
        var row = new float[spec.Lengths[^1]];
        for (var i = 0; i < row.Length; i++) row[i] = (2 * random.NextSingle()) - 1;
        return TensorValue.Create(row, spec.Lengths);
    }
}
