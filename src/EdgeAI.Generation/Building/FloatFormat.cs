using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>32-bit floats, [out, in] as checkpoints store them: FusedMatMul takes the matrix as it is, and packs it for its kernel without a copy in the other order.</summary>
internal sealed class FloatFormat(BuildTracker tracker) : IProjectionFormat
{
    public string Project(GraphAssembler graph, string name, string input, Projection projection) =>
        Project(graph, name, input, graph.Add(FloatTensor.Create(name + ".weight", projection.Matrix, tracker)), projection.Bias);

    /// <summary>The same by a matrix that is in the graph already.</summary>
    public static string Project(GraphAssembler graph, string name, string input, string matrix, float[]? bias)
    {
        var product = graph.AddMicrosoft("FusedMatMul", bias is null ? name : name + ".product", [input, matrix], OnnxAttribute.Int("transB", 1));
        return bias is null ? product : graph.Add("Add", name, [product, graph.Add(name + ".bias", bias)]);
    }
}
