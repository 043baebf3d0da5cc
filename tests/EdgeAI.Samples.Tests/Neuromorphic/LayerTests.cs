using EdgeAI.Onnx;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Samples.Tests.Neuromorphic;

/// <summary>Each kind of layer against plain ONNX Runtime.</summary>
[TestClass]
public sealed class LayerTests
{
    private const float Tolerance = 1e-5f;

    [TestMethod]
    [DataRow(1, 1, 0, 0, 0, 0)]
    [DataRow(1, 1, 1, 1, 1, 1)]
    [DataRow(2, 2, 1, 0, 2, 1)]
    [DataRow(3, 1, 0, 2, 1, 0)]
    public async Task Conv_StridesAndPads_AnswersAsOnnxRuntime(int strideY, int strideX, int top, int left, int bottom, int right)
    {
        var node = new OnnxNode("Conv", ["x", "w", "b"], ["y"], OnnxAttribute.Ints("strides", strideY, strideX), OnnxAttribute.Ints("pads", top, left, bottom, right));
        await CheckAsync(Toy.Model(node, ["n", 3, "h", "w"], 4, Random("w", 5, 3, 3, 2), Random("b", 5)), 2, 3, 7, 6);
    }

    [TestMethod]
    public async Task Conv_WithoutBias_AnswersAsOnnxRuntime() =>
        await CheckAsync(Toy.Model(new OnnxNode("Conv", ["x", "w"], ["y"]), ["n", 2, 5, 5], 4, Random("w", 3, 2, 3, 3)), 1, 2, 5, 5);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    public async Task Gemm_Transposed_AnswersAsOnnxRuntime(int transposed)
    {
        var weights = transposed == 0 ? Random("w", 6, 4) : Random("w", 4, 6);
        await CheckAsync(Toy.Model(new OnnxNode("Gemm", ["x", "w", "b"], ["y"], OnnxAttribute.Int("transB", transposed)), ["n", 6], 2, weights, Random("b", 4)), 5, 6);
    }

    [TestMethod]
    public async Task MatMul_ThreeAxes_AnswersAsOnnxRuntime() =>
        await CheckAsync(Toy.Model(new OnnxNode("MatMul", ["x", "w"], ["y"]), ["n", 3, 6], 3, Random("w", 6, 4)), 2, 3, 6);

    [TestMethod]
    [DataRow(2, 2, 2, 2)]
    [DataRow(3, 2, 1, 2)]
    public async Task MaxPool_KernelAndStrides_AnswersAsOnnxRuntime(int kernelY, int kernelX, int strideY, int strideX)
    {
        var node = new OnnxNode("MaxPool", ["x"], ["y"], OnnxAttribute.Ints("kernel_shape", kernelY, kernelX), OnnxAttribute.Ints("strides", strideY, strideX));
        await CheckAsync(Toy.Model(node, ["n", 2, "h", "w"], 4), 2, 2, 7, 7);
    }

    [TestMethod]
    public async Task Relu_AnswersAsOnnxRuntime() => await CheckAsync(Toy.Model(new OnnxNode("Relu", ["x"], ["y"]), ["n", 6], 2), 3, 6);

    [TestMethod]
    [DataRow(-1)]
    [DataRow(1)]
    public async Task Softmax_LastAxis_AnswersAsOnnxRuntime(int axis) =>
        await CheckAsync(Toy.Model(new OnnxNode("Softmax", ["x"], ["y"], OnnxAttribute.Int("axis", axis)), ["n", 6], 2), 3, 6);

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(-1)]
    [DataRow(0)]
    public async Task Flatten_EveryAxis_AnswersAsOnnxRuntime(int axis) =>
        await CheckAsync(Toy.Model(new OnnxNode("Flatten", ["x"], ["y"], OnnxAttribute.Int("axis", axis)), ["n", 2, 3], 2), 4, 2, 3);

    [TestMethod]
    [DataRow("Add", "x", "c")]
    [DataRow("Sub", "x", "c")]
    [DataRow("Sub", "c", "x")]
    public async Task AddAndSub_ConstantOfTheLastAxes_AnswerAsOnnxRuntime(string operation, string left, string right) =>
        await CheckAsync(Toy.Model(new OnnxNode(operation, [left, right], ["y"]), ["n", 2, 3], 3, Random("c", 2, 3)), 4, 2, 3);

    [TestMethod]
    public async Task Nodes_OutOfOrder_AreLaidOutByDependence() =>
        await CheckAsync(Toy.Model([new OnnxNode("Relu", ["h"], ["y"]), new OnnxNode("MatMul", ["x", "w"], ["h"])], ["n", 6], 2, constants: Random("w", 6, 4)), 3, 6);

    private static OnnxTensor Random(string name, params nint[] lengths)
    {
        var random = new Random(name[0]);
        return OnnxTensor.Create<float>(name, [.. Enumerable.Range(0, (int)TensorShape.GetElementCount(lengths)).Select(_ => (float)((2 * random.NextDouble()) - 1))], lengths);
    }

    private static async Task CheckAsync(byte[] model, params nint[] lengths)
    {
        var data = Toy.Sparse((int)TensorShape.GetElementCount(lengths), seed: 7);
        using var runtime = new InferenceSession(model);
        using var options = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(data, [.. lengths.Select(length => (long)length)]);
        using var expected = runtime.Run(options, ["x"], [input], ["y"]);

        var (answer, answerLengths) = await Toy.RunAsync(model, data, lengths);

        CollectionAssert.AreEqual(expected[0].GetTensorTypeAndShape().Shape, answerLengths.Select(length => (long)length).ToArray());
        var values = expected[0].GetTensorDataAsSpan<float>();
        for (var i = 0; i < values.Length; i++) Assert.AreEqual(values[i], answer[i], Tolerance, $"element {i}");
    }
}
