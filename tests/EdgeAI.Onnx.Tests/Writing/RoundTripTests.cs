namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class RoundTripTests
{
    public static IEnumerable<string> BuiltModels => TestModels.All.Keys;

    [TestMethod]
    [DynamicData(nameof(BuiltModels))]
    public void ToBytes_BuiltModel_RunsInNativeRuntime(string name) =>
        Assert.IsNotEmpty(NativeRuntime.Run(OnnxWriter.ToBytes(TestModels.All[name])));

    [TestMethod]
    [DynamicData(nameof(BuiltModels))]
    public void Parse_WrittenModel_WritesTheSameBytes(string name)
    {
        var bytes = OnnxWriter.ToBytes(TestModels.All[name]);
        using var read = OnnxReader.Parse(bytes);
        CollectionAssert.AreEqual(bytes, OnnxWriter.ToBytes(read));
    }
}
