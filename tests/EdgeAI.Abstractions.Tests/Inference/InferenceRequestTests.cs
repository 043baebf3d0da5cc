namespace EdgeAI.Tests.Inference;

[TestClass]
public sealed class InferenceRequestTests
{
    [TestMethod]
    public void Indexer_SetTwice_Replaces()
    {
        using var first = TensorValue.Create(new float[1], 1);
        using var second = TensorValue.Create(new float[1], 1);
        var request = new InferenceRequest { ["x"] = first };

        request["x"] = second;

        Assert.AreSame(second, request["x"]);
        Assert.HasCount(1, request.Inputs);
        Assert.ThrowsExactly<KeyNotFoundException>(() => request["y"]);
    }

    [TestMethod]
    public void Response_Disposed_DropsItsOutputs()
    {
        var output = TensorValue.Create(new float[1], 1);
        var response = new InferenceResponse(["y"], [output], default, new RoutingRecord("cpu:0", "it is the only device", [], null, TimeSpan.Zero));
        Assert.AreSame(output, response["y"]);
        Assert.ThrowsExactly<KeyNotFoundException>(() => response["z"]);

        response.Dispose();

        Assert.IsTrue(output.IsFreed);
    }
}
