using EdgeAI.Onnx;

namespace EdgeAI.Cli.Tests;

/// <summary>Small models, written by our own writer.</summary>
internal static class TestModels
{
    /// <summary>y = x + x over a dynamic batch, x float32[n,3].</summary>
    public static string WriteDoubling(TemporaryFolder folder)
    {
        var graph = new OnnxGraph(
            "doubling",
            [new OnnxNode("Add", ["x", "x"], ["out/y:0"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n", 3)],
            [OnnxValueInfo.Tensor("out/y:0", TensorElementType.Float32, "n", 3)]);
        return Write(folder, graph);
    }

    /// <summary>y = x for any type and shape.</summary>
    public static string WriteIdentity(TemporaryFolder folder, TensorElementType type, params ReadOnlySpan<OnnxDimension> shape)
    {
        var graph = new OnnxGraph("identity", [new OnnxNode("Identity", ["x"], ["y"])], [OnnxValueInfo.Tensor("x", type, shape)], [OnnxValueInfo.Tensor("y", type, shape)]);
        return Write(folder, graph);
    }

    /// <summary>y = x for one float, with any name for x.</summary>
    public static string WriteNamed(TemporaryFolder folder, string inputName) => Write(folder, new OnnxGraph(
        "named",
        [new OnnxNode("Identity", [inputName], ["y"])],
        [OnnxValueInfo.Tensor(inputName, TensorElementType.Float32, 1)],
        [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 1)]));

    private static string Write(TemporaryFolder folder, OnnxGraph graph)
    {
        var path = folder.PathOf($"{graph.Name}.onnx");
        OnnxWriter.Write(new OnnxModel(graph, 17) { IrVersion = 8 }, path);
        return path;
    }
}
