using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
public sealed class OnnxOperatorSupportTests
{
    public static IEnumerable<object[]> Domains => OnnxOperatorSupport.NewestVersions.Select(d => new object[] { d.Key, d.Value });

    [TestMethod]
    [DynamicData(nameof(Domains))]
    public async Task NewestVersions_AgainstOnnxRuntime_AreTheNewestThatItTakes(string domain, long newest)
    {
        await using (await OpenAsync(Importing(domain, newest))) { }

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(Importing(domain, newest + 1)));

        StringAssert.Contains(error.Message, $"{newest}");
    }

    [TestMethod]
    public void Evaluate_KnownDomains_IsFull()
    {
        using var model = Describe(new(new OnnxGraph("test", [new OnnxNode("Gelu", ["x"], ["y"]) { Domain = "com.microsoft" }], [Value("x", "n")], [Value("y", "n")]), 21, new OnnxOpsetImport("com.microsoft", 1)));

        Assert.AreEqual(DeviceSupport.Full, OnnxOperatorSupport.Evaluate(model));
    }

    [TestMethod]
    public void Evaluate_UnknownDomain_NamesTheOperator()
    {
        using var model = Describe(new(new OnnxGraph("test", [new OnnxNode("Fft", ["x"], ["y"]) { Domain = "my.domain" }], [Value("x", "n")], [Value("y", "n")]), 21, new OnnxOpsetImport("my.domain", 1)));

        var support = OnnxOperatorSupport.Evaluate(model);

        Assert.AreEqual(DeviceSupportLevel.None, support.Level);
        Assert.AreEqual("my.domain.Fft", support.UnknownOperator);
        StringAssert.Contains(support.Reason, "my.domain.Fft");
    }

    [TestMethod]
    public async Task Evaluate_ModelDefinesTheFunction_IsFullAndRuns()
    {
        var twice = new OnnxFunction("my.domain", "Twice", ["a"], ["b"], [new OnnxNode("Add", ["a", "a"], ["b"])], new OnnxOpsetImport("", 21));
        using var model = Describe(new OnnxModel(new OnnxGraph("test", [new OnnxNode("Twice", ["x"], ["y"]) { Domain = "my.domain" }], [Value("x", "n")], [Value("y", "n")]), 21, new OnnxOpsetImport("my.domain", 1)) { Functions = [twice] });

        Assert.AreEqual(DeviceSupport.Full, OnnxOperatorSupport.Evaluate(model));
        await using var session = await OpenAsync(model);
        using var x = TensorValue.Create([2f], 1);
        using var y = (await session.RunAsync([x]))[0];
        Assert.AreEqual(4f, y.AsSpan<float>()[0]);
    }

    [TestMethod]
    public void Evaluate_OpsetTooNew_SaysWhichIsKnown()
    {
        using var model = Describe(Double() with { OpsetImports = [new("", 99)] });

        var support = OnnxOperatorSupport.Evaluate(model);

        Assert.AreEqual("Add", support.UnknownOperator);
        StringAssert.Contains(support.Reason, "opset 99");
        StringAssert.Contains(support.Reason, $"up to {OnnxOperatorSupport.NewestVersions[""]}");
    }

    private static OnnxModel Importing(string domain, long version) =>
        Double() with { IrVersion = 13, OpsetImports = domain.Length == 0 ? [new("", version)] : [new("", 21), new(domain, version)] };
}
