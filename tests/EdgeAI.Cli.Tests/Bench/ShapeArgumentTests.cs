using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class ShapeArgumentTests
{
    [TestMethod]
    [DataRow("x=1,3,48,320", "x", new long[] { 1, 3, 48, 320 })]
    [DataRow("gpu_0/data_0=2", "gpu_0/data_0", new long[] { 2 })]
    [DataRow("sr=", "sr", new long[0])]
    [DataRow("a=b=0,5", "a=b", new long[] { 0, 5 })]
    [DataRow("x=1, 2", "x", new long[] { 1, 2 })]
    public void TryParse_WellFormed_IsUnderstood(string text, string name, long[] lengths)
    {
        var shape = ShapeArgument.TryParse(text)!;

        Assert.AreEqual(name, shape.Input);
        CollectionAssert.AreEqual(lengths.Select(length => (nint)length).ToArray(), shape.Lengths);
    }

    [TestMethod]
    [DataRow("x")]
    [DataRow("=1,2")]
    [DataRow("x=1,,2")]
    [DataRow("x=1,")]
    [DataRow("x=-1")]
    [DataRow("x=1.5")]
    [DataRow("x=n")]
    [DataRow("x=99999999999999999999")]
    [DataRow("x=9223372036854775807,2")]
    public void TryParse_Malformed_IsNull(string text) => Assert.IsNull(ShapeArgument.TryParse(text));
}
