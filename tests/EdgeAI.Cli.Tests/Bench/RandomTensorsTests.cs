using EdgeAI.Cli.Bench;
using EdgeAI.Cli.CommandLine;

namespace EdgeAI.Cli.Tests.Bench;

[TestClass]
public sealed class RandomTensorsTests
{
    [TestMethod]
    [DataRow(TensorElementType.Float32)]
    [DataRow(TensorElementType.Float64)]
    [DataRow(TensorElementType.Float16)]
    [DataRow(TensorElementType.BFloat16)]
    [DataRow(TensorElementType.Int8)]
    [DataRow(TensorElementType.UInt8)]
    [DataRow(TensorElementType.Int16)]
    [DataRow(TensorElementType.UInt16)]
    [DataRow(TensorElementType.Int32)]
    [DataRow(TensorElementType.UInt32)]
    [DataRow(TensorElementType.Int64)]
    [DataRow(TensorElementType.UInt64)]
    [DataRow(TensorElementType.Boolean)]
    [DataRow(TensorElementType.String)]
    public void Create_EveryType_HasTheShapeAndType(TensorElementType type)
    {
        using var tensor = RandomTensors.Create(new TensorSpec("x", type, [-1, 3]), [2, 3], new Random(1));

        Assert.AreEqual(type, tensor.ElementType);
        CollectionAssert.AreEqual((nint[])[2, 3], tensor.Lengths.ToArray());
    }

    [TestMethod]
    public void Create_Values_AreInRangeVariedAndRepeatable()
    {
        var spec = new TensorSpec("x", TensorElementType.Int64, [100]);
        using var first = RandomTensors.Create(spec, [100], new Random(1));
        using var again = RandomTensors.Create(spec, [100], new Random(1));

        var values = first.AsSpan<long>().ToArray();
        CollectionAssert.AreEqual(values, again.AsSpan<long>().ToArray());
        Assert.AreEqual(0, values.Min());
        Assert.AreEqual(9, values.Max());
    }

    [TestMethod]
    public void Create_PackedType_AsksForAFile()
    {
        var error = Assert.ThrowsExactly<ToolException>(() => RandomTensors.Create(new TensorSpec("x", TensorElementType.Int4, [2]), [2], new Random(1)));

        Assert.Contains("-i x=FILE.npy", error.Message);
    }
}
