using System.Collections.Immutable;

namespace EdgeAI.Onnx.Tests;

/// <summary>The analysis answers whatever the graph: it neither throws, nor runs long, nor needs memory that the graph only asks for.</summary>
[TestClass]
public sealed class HostileGraphTests
{
    [TestMethod]
    public void Analyze_DeepChain_IsFollowed()
    {
        var nodes = Enumerable.Range(0, 100_000).Select(i => new OnnxNode("Relu", [$"v{i}"], [$"v{i + 1}"])).Reverse();

        var analysis = BatchAnalysis.Analyze(Model([.. nodes], "v0", "v100000"));

        Assert.AreEqual("possible: rows stay apart through all 100000 nodes", analysis.ToString());
    }

    [TestMethod]
    public void Analyze_DeepShapeArithmetic_IsRefusedOrFollowed()
    {
        var nodes = Enumerable.Range(0, 50_000).Select(i => new OnnxNode("Mul", [$"v{i}", "v0"], [$"v{i + 1}"]));

        var analysis = BatchAnalysis.Analyze(Model([new("Shape", ["x"], ["v0"]), .. nodes, new("ConstantOfShape", ["v50000"], ["y"])], "x", "y"));

        Assert.IsFalse(analysis.IsPossible);
    }

    [TestMethod]
    public void Analyze_RankDoublesEachNode_IsRefused()
    {
        var nodes = Enumerable.Range(0, 60).Select(i => new OnnxNode("Gather", [$"v{i}", $"v{i}"], [$"v{i + 1}"]));
        var model = Model([.. nodes, new("Add", ["x", "v60"], ["y"])], "x", "y", new OnnxTensor("v0", TensorElementType.Int64, [1, 1, 1], OnnxTensorData.FromMemory(new byte[8])));

        Assert.IsFalse(BatchAnalysis.Analyze(model).IsPossible);
    }

    [TestMethod]
    [DataRow("ConstantOfShape", long.MaxValue)]
    [DataRow("ConstantOfShape", -5)]
    [DataRow("Range", long.MaxValue)]
    [DataRow("Expand", long.MaxValue)]
    [DataRow("Tile", long.MaxValue)]
    public void Analyze_HugeTensor_IsNotMade(string operation, long size)
    {
        ImmutableArray<string> inputs = operation switch { "ConstantOfShape" => ["size"], "Range" => ["zero", "last", "one"], _ => ["one1", "size"] };
        var model = Model(
            [new(operation, inputs, ["v"]), new("ReduceMax", ["v"], ["m"]), new("Cast", ["m"], ["c"], OnnxAttribute.Int("to", 1)), new("Add", ["x", "c"], ["y"])],
            "x",
            "y",
            OnnxTensor.Create("size", [size], 1),
            OnnxTensor.Scalar("zero", long.MinValue),
            OnnxTensor.Scalar("last", size),
            OnnxTensor.Scalar("one", 1L),
            OnnxTensor.Create("one1", [1L], 1));

        Assert.IsNotEmpty(BatchAnalysis.Analyze(model).Reason);
    }

    [TestMethod]
    public void Analyze_FunctionCallsItself_IsRefused()
    {
        var model = Model([new("F", ["x"], ["y"]) { Domain = "our" }], "x", "y") with
        {
            Functions = [new OnnxFunction("our", "F", ["a"], ["b"], [new OnnxNode("F", ["a"], ["c"]) { Domain = "our" }, new OnnxNode("F", ["c"], ["b"]) { Domain = "our" }], 21)],
        };

        StringAssert.Contains(BatchAnalysis.Analyze(model).Reason, "calls functions more than 16 deep");
    }

    [TestMethod]
    public void Analyze_FunctionsMultiply_IsRefused()
    {
        OnnxFunction Doubling(int level) => new("our", $"F{level}", ["a"], ["b"], [new OnnxNode($"F{level - 1}", ["a"], ["c"]) { Domain = "our" }, .. Enumerable.Range(0, 9).Select(i => new OnnxNode($"F{level - 1}", ["a"], [$"d{i}"]) { Domain = "our" }), new OnnxNode("Identity", ["c"], ["b"])], 21);
        var model = Model([new("F9", ["x"], ["y"]) { Domain = "our" }], "x", "y") with
        {
            Functions = [new OnnxFunction("our", "F0", ["a"], ["b"], [new OnnxNode("Relu", ["a"], ["b"])], 21), .. Enumerable.Range(1, 9).Select(Doubling)],
        };

        StringAssert.Contains(BatchAnalysis.Analyze(model).Reason, "more than 1000000 nodes");
    }

    [TestMethod]
    public void Analyze_Circle_IsRefused() =>
        StringAssert.Contains(BatchAnalysis.Analyze(Model([new("Add", ["x", "b"], ["a"]), new("Relu", ["a"], ["b"])], "x", "b")).Reason, "circle");

    /// <summary>Attributes of other types and values, inputs lost or exchanged, other versions: no graph may make it throw.</summary>
    [TestMethod]
    public void Analyze_MutatedGraphs_Answers()
    {
        var models = AcceptedGraphs.All.Values.Concat(RefusedGraphs.All.Values.Select(entry => entry.Model)).Concat(TestModels.All.Values).ToArray();
        var random = new Random(7);
        for (var round = 0; round < 20_000; round++)
        {
            var model = GraphMutation.Apply(models[random.Next(models.Length)], random);

            Assert.IsNotEmpty(BatchAnalysis.Analyze(model).Reason);
        }
    }

    private static OnnxModel Model(ImmutableArray<OnnxNode> nodes, string input, string output, params ReadOnlySpan<OnnxTensor> constants) => new(
        new OnnxGraph("hostile", nodes, [OnnxValueInfo.Tensor(input, TensorElementType.Float32, "n", 3)], [OnnxValueInfo.Tensor(output, TensorElementType.Float32, "n", 3)], constants),
        21,
        new OnnxOpsetImport("our", 1));
}
