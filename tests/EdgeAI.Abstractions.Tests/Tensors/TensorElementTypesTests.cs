namespace EdgeAI.Tests.Tensors;

[TestClass]
public sealed class TensorElementTypesTests
{
    [TestMethod]
    [DataRow(TensorElementType.Float32, 3, 12u)]
    [DataRow(TensorElementType.Boolean, 3, 3u)]
    [DataRow(TensorElementType.BFloat16, 3, 6u)]
    [DataRow(TensorElementType.Int4, 3, 2u)]
    [DataRow(TensorElementType.UInt2, 5, 2u)]
    [DataRow(TensorElementType.Complex128, 1, 16u)]
    [DataRow(TensorElementType.Float64, 0, 0u)]
    public void ByteLength_KnownTypes_IsTheirStorage(TensorElementType type, int count, uint expected) =>
        Assert.AreEqual((nuint)expected, type.ByteLength(count));

    [TestMethod]
    public void ByteLength_StringOrNegative_Throws()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TensorElementType.String.ByteLength(1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => TensorElementType.Int8.ByteLength(-1));
    }

    [TestMethod]
    public void ToName_EveryType_IsUnique()
    {
        var names = Enum.GetValues<TensorElementType>().Select(type => type.ToName()).ToArray();

        CollectionAssert.AllItemsAreUnique(names);
        Assert.IsTrue(names.All(name => !name.StartsWith("type ", StringComparison.Ordinal)));
    }

    [TestMethod]
    public unsafe void Of_EveryClrType_HasItsWidth()
    {
        Assert.AreEqual(sizeof(float) * 8, TensorElementTypes.Of<float>().BitWidth());
        Assert.AreEqual(sizeof(BFloat16) * 8, TensorElementTypes.Of<BFloat16>().BitWidth());
        Assert.AreEqual(sizeof(Half) * 8, TensorElementTypes.Of<Half>().BitWidth());
        Assert.AreEqual(sizeof(bool) * 8, TensorElementTypes.Of<bool>().BitWidth());
        Assert.AreEqual(sizeof(long) * 8, TensorElementTypes.Of<long>().BitWidth());
        Assert.AreEqual(TensorElementType.Undefined, TensorElementTypes.Of<char>());
    }

    [TestMethod]
    public void IsViewableAs_OtherTypes_IsFalse()
    {
        Assert.IsTrue(TensorElementType.UInt4.IsViewableAs<byte>());
        Assert.IsFalse(TensorElementType.Float32.IsViewableAs<byte>());
        Assert.IsFalse(TensorElementType.Float8E5M2.IsViewableAs<float>());
        Assert.IsTrue(TensorElementType.Float32.IsViewableAs<float>());
    }
}
