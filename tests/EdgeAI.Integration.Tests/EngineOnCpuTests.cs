using EdgeAI.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Integration.Tests;

/// <summary>The engine over ONNX Runtime: what only real native code can show.</summary>
[TestClass]
public sealed class EngineOnCpuTests
{
    [TestMethod]
    public async Task RunAsync_Digits_AgreesWithPlainOnnxRuntime()
    {
        var path = Path.Combine(AppContext.BaseDirectory, "digits.onnx");
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(ModelSource.FromFile(path));
        using var session = new InferenceSession(path);
        using var options = new RunOptions();
        var random = new Random(5);

        var requests = Enumerable.Range(0, 40).Select(async i =>
        {
            var rows = 1 + (i % 4);
            var pixels = new float[rows * 28 * 28];
            lock (random)
            {
                for (var p = 0; p < pixels.Length; p++) pixels[p] = random.NextSingle();
            }

            using var answer = await model.RunAsync(new InferenceRequest { ["image"] = TensorValue.Create(pixels, rows, 1, 28, 28) });
            using var input = OrtValue.CreateTensorValueFromMemory(pixels, [rows, 1, 28, 28]);
            using var expected = session.Run(options, ["image"], [input], ["probabilities"]);
            var (ours, theirs) = (answer["probabilities"].AsSpan<float>().ToArray(), expected[0].GetTensorDataAsSpan<float>().ToArray());
            for (var n = 0; n < theirs.Length; n++) Assert.AreEqual(theirs[n], ours[n], 1e-6f);
        });

        await Task.WhenAll(requests);
    }

    [TestMethod]
    public async Task GetService_InferenceSession_IsTheRuntimesOwn()
    {
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(ModelSource.FromFile(Path.Combine(AppContext.BaseDirectory, "digits.onnx")));

        var session = model.GetService(typeof(InferenceSession)) as InferenceSession;

        Assert.AreEqual("image", session!.InputNames.Single());
        Assert.IsNotNull(model.GetService(typeof(OnnxModel)));
        Assert.IsNull(model.GetService(typeof(string)));
    }

    [TestMethod]
    [DataRow("", "Frobnicate", "Frobnicate")]
    [DataRow("com.microsoft", "Frobnicate", "com.microsoft.Frobnicate")]
    [DataRow("my.ops", "Add", "my.ops.Add")]
    public async Task LoadModelAsync_OperatorThatTheRuntimeLacks_IsNamed(string domain, string opType, string expected)
    {
        await using var host = new CpuHost();

        var exception = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => host.Engine.LoadModelAsync(OneNode(opType, domain)).AsTask());

        Assert.AreEqual(expected, exception.UnknownOperator);
        StringAssert.Contains(exception.Message, expected);
    }

    [TestMethod]
    public async Task LoadModelAsync_OpsetOfTheFuture_IsNamed()
    {
        await using var host = new CpuHost();

        var exception = await Assert.ThrowsAsync<EdgeAIException>(() => host.Engine.LoadModelAsync(OneNode("Relu", "", opset: 99)).AsTask());

        Assert.IsTrue(exception is ModelLoadException or NoCompatibleDeviceException);
        StringAssert.Contains(exception.Message, "99");
    }

    [TestMethod]
    public async Task RunAsync_SequenceOutputNotAskedFor_AnswersTheRest()
    {
        await using var host = new CpuHost();
        var graph = new OnnxGraph(
            "sequence",
            [new OnnxNode("Relu", ["x"], ["y"]), new OnnxNode("SequenceConstruct", ["x"], ["list"])],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 2)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 2), new OnnxValueInfo("list", new OnnxSequenceType(new OnnxTensorType(TensorElementType.Float32, null)))]);
        await using var model = await host.Engine.LoadModelAsync(ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, new OnnxOpsetImport("", 17))), "sequence"));
        using var x = TensorValue.Create(new float[] { -1, 2 }, 2);

        var refused = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(new InferenceRequest { ["x"] = x }));
        using var answer = await model.RunAsync(new InferenceRequest { ["x"] = x, OutputNames = ["y"] });

        StringAssert.Contains(refused.Message, "'list'");
        CollectionAssert.AreEqual(new float[] { 0, 2 }, answer["y"].AsSpan<float>().ToArray());
    }

    [TestMethod]
    public async Task RunAsync_ImageTooSmallForAPooling_IsRefusedBeforeNativeCodeDies()
    {
        // ONNX Runtime 1.31.1 divides by zero here and ends the process.
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(ConvolutionAndPooling());
        static InferenceRequest Image(int side) => new() { ["x"] = TensorValue.Create(new float[16 * side * side], 1, 16, side, side) };

        (await model.RunAsync(Image(8))).Dispose();
        for (var i = 0; i < 2; i++)
        {
            var refused = await Assert.ThrowsExactlyAsync<InvalidInputException>(() => model.RunAsync(Image(2)));
            StringAssert.Contains(refused.Message, "MaxPool");
        }

        (await model.RunAsync(Image(6))).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_CancelledWhileNativeCodeRuns_StopsItAndLeavesTheModelUsable()
    {
        await using var host = new CpuHost();
        await using var model = await host.Engine.LoadModelAsync(SlowChain());
        using var x = TensorValue.Create(new float[512 * 512], 512, 512);
        using var cancellation = new CancellationTokenSource();
        var run = model.RunAsync(new InferenceRequest { ["x"] = x }, cancellation.Token);
        while ((await host.Engine.GetDevicesAsync())[0].Status.LanesBusy == 0) await Task.Yield();

        await cancellation.CancelAsync();

        Assert.AreEqual(cancellation.Token, (await Assert.ThrowsAsync<OperationCanceledException>(() => run)).CancellationToken);
        using var again = await model.RunAsync(new InferenceRequest { ["x"] = x });
        Assert.AreEqual(0, again["y"].AsSpan<float>()[0]);
    }

    private static ModelSource OneNode(string opType, string domain, int opset = 17)
    {
        var graph = new OnnxGraph(
            "one",
            [new OnnxNode(opType, ["x"], ["y"]) { Domain = domain }],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 2)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 2)]);
        return ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, new OnnxOpsetImport("", opset), new OnnxOpsetImport(domain.Length == 0 ? "ai.onnx.ml" : domain, 1))), $"{domain}.{opType}");
    }

    /// <summary>Blocked channels and a window of five: what ONNX Runtime's convolution kernels are made for.</summary>
    private static ModelSource ConvolutionAndPooling()
    {
        var graph = new OnnxGraph(
            "pooling",
            [
                new OnnxNode("Conv", ["x", "w"], ["c"], OnnxAttribute.Ints("kernel_shape", 1, 1)),
                new OnnxNode("MaxPool", ["c"], ["y"], OnnxAttribute.Ints("kernel_shape", 5, 5)),
            ],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 1, 16, "height", "width")],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 1, 16, "h", "w2")],
            [OnnxTensor.Create<float>("w", new float[16 * 16], 16, 16, 1, 1)]);
        return ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, new OnnxOpsetImport("", 17))), "pooling");
    }

    /// <summary>Several hundred matrix products: long enough to be cancelled between two of them.</summary>
    private static ModelSource SlowChain()
    {
        const int Products = 400;
        var nodes = Enumerable.Range(0, Products).Select(i => new OnnxNode("MatMul", [i == 0 ? "x" : $"h{i}", "x"], [i == Products - 1 ? "y" : $"h{i + 1}"]));
        var graph = new OnnxGraph(
            "slow",
            [.. nodes],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, 512, 512)],
            [OnnxValueInfo.Tensor("y", TensorElementType.Float32, 512, 512)]);
        return ModelSource.FromBytes(OnnxWriter.ToBytes(new OnnxModel(graph, new OnnxOpsetImport("", 17))), "slow");
    }
}
