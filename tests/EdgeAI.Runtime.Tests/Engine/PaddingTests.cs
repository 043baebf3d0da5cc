using EdgeAI.Onnx;

namespace EdgeAI.Engine;

/// <summary>Requests of different lengths that are filled up to share a run.</summary>
[TestClass]
public sealed class PaddingTests
{
    [TestMethod]
    public async Task RunAsync_DifferentLengths_ShareARunAndGetTheirOwnLengthBack()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.Engine.LoadModelAsync(Sequences(), Options());
        var first = model.RunAsync(Request(3));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        var five = model.RunAsync(Request(5));
        var eight = model.RunAsync(Request(8));

        await fixture.PassOneRunAsync();
        (await first).Dispose();
        await fixture.PassOneRunAsync();

        foreach (var (run, length) in new[] { (five, 5), (eight, 8) })
        {
            using var response = await run;
            Assert.AreEqual(2, response.Timings.BatchSize);
            CollectionAssert.AreEqual(new nint[] { 1, length }, response["y"].Lengths.ToArray());
            CollectionAssert.AreEqual(Enumerable.Range(1, length).Select(i => (float)i).ToArray(), response["y"].AsSpan<float>().ToArray());
        }
    }

    [TestMethod]
    [DataRow("q", 1, 8, "neither an input nor an output")]
    [DataRow("x", 2, 8, "names axis 2")]
    [DataRow("x", 1, 0, "multiple of 0")]
    [DataRow("y", 1, 8, "names no input")]
    public async Task LoadModelAsync_PaddingThatDoesNotFit_IsRefused(string tensor, int axis, int multiple, string expected)
    {
        await using var fixture = new EngineFixture();
        var options = new ModelOptions { Padding = { [tensor] = new AxisPadding(axis, multiple) } };

        var exception = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.Engine.LoadModelAsync(Sequences(), options).AsTask());

        StringAssert.Contains(exception.Message, expected);
    }

    private static ModelOptions Options() => new()
    {
        BatchAxes = { ["x"] = 0, ["y"] = 0 },
        Padding = { ["x"] = new AxisPadding(1, Multiple: 8, Value: -1), ["y"] = new AxisPadding(1) },
        MaxBatch = 4,
    };

    private static InferenceRequest Request(int length) => new() { ["x"] = TensorValue.Create(Enumerable.Range(1, length).Select(i => (float)i).ToArray(), 1, length) };

    private static ModelSource Sequences() => TestModels.Of(
        "sequences",
        [new OnnxNode("Identity", ["x"], ["y"])],
        [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "batch", "length")],
        [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "batch", "length")]);
}
