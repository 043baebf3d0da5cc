using System.Buffers.Binary;
using System.Text;
using EdgeAI.Cli.Npy;

namespace EdgeAI.Cli.Tests.Npy;

[TestClass]
public sealed class NpyReaderTests
{
    [TestMethod]
    public void Read_LittleEndianFloats_GivesTheValues()
    {
        byte[] data = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]; // 1 and -2 as IEEE 754 binary32
        using var tensor = Read(NpyFile.Create("<f4", "(2,)", data));

        Assert.AreEqual(TensorElementType.Float32, tensor.ElementType);
        CollectionAssert.AreEqual((float[])[1, -2], tensor.AsSpan<float>().ToArray());
    }

    [TestMethod]
    [DataRow("|b1", TensorElementType.Boolean, 1)]
    [DataRow("|i1", TensorElementType.Int8, 1)]
    [DataRow("<i2", TensorElementType.Int16, 2)]
    [DataRow("<i4", TensorElementType.Int32, 4)]
    [DataRow("<i8", TensorElementType.Int64, 8)]
    [DataRow("|u1", TensorElementType.UInt8, 1)]
    [DataRow("<u2", TensorElementType.UInt16, 2)]
    [DataRow("<u4", TensorElementType.UInt32, 4)]
    [DataRow("<u8", TensorElementType.UInt64, 8)]
    [DataRow("<f2", TensorElementType.Float16, 2)]
    [DataRow("<f4", TensorElementType.Float32, 4)]
    [DataRow("<f8", TensorElementType.Float64, 8)]
    [DataRow("<c8", TensorElementType.Complex64, 8)]
    [DataRow("<c16", TensorElementType.Complex128, 16)]
    [DataRow("|V2", TensorElementType.UInt16, 2)]
    public void Read_EveryType_MapsToItsElementType(string description, TensorElementType expected, int size)
    {
        using var tensor = Read(NpyFile.Create(description, "(3,)", new byte[3 * size]));

        Assert.AreEqual(expected, tensor.ElementType);
        Assert.AreEqual(3, tensor.ElementCount);
    }

    [TestMethod]
    public void Read_BigEndian_IsConverted()
    {
        var data = new byte[12];
        BinaryPrimitives.WriteInt32BigEndian(data, 1);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(4), -2);
        BinaryPrimitives.WriteInt32BigEndian(data.AsSpan(8), int.MaxValue);
        using var tensor = Read(NpyFile.Create(">i4", "(3,)", data));

        CollectionAssert.AreEqual((int[])[1, -2, int.MaxValue], tensor.AsSpan<int>().ToArray());
    }

    [TestMethod]
    public unsafe void Read_BigEndianComplex_KeepsRealBeforeImaginary()
    {
        var data = new byte[8];
        BinaryPrimitives.WriteSingleBigEndian(data, 1.5f);
        BinaryPrimitives.WriteSingleBigEndian(data.AsSpan(4), -3f);
        using var tensor = Read(NpyFile.Create(">c8", "()", data));

        var parts = new ReadOnlySpan<float>((void*)tensor.Buffer.Address, 2);
        CollectionAssert.AreEqual((float[])[1.5f, -3f], parts.ToArray());
    }

    [TestMethod]
    public void Read_FortranOrder_IsTransposed()
    {
        // numpy.asfortranarray([[1, 2, 3], [4, 5, 6]]): column by column.
        using var tensor = Read(NpyFile.Create("|u1", "(2, 3)", [1, 4, 2, 5, 3, 6], isFortranOrder: true));

        CollectionAssert.AreEqual((nint[])[2, 3], tensor.Lengths.ToArray());
        CollectionAssert.AreEqual((byte[])[1, 2, 3, 4, 5, 6], tensor.AsSpan<byte>().ToArray());
    }

    [TestMethod]
    public void Read_FortranOrderOfThreeAxes_IsTransposed()
    {
        // Element (i, j, k) of shape (2, 3, 2) holds 100 i + 10 j + k; the first axis varies fastest.
        var data = new List<byte>();
        for (var k = 0; k < 2; k++)
        {
            for (var j = 0; j < 3; j++)
            {
                for (var i = 0; i < 2; i++) data.Add((byte)((100 * i) + (10 * j) + k));
            }
        }

        using var tensor = Read(NpyFile.Create("|u1", "(2, 3, 2)", [.. data], isFortranOrder: true));

        CollectionAssert.AreEqual((byte[])[0, 1, 10, 11, 20, 21, 100, 101, 110, 111, 120, 121], tensor.AsSpan<byte>().ToArray());
    }

    [TestMethod]
    public void Read_Scalar_HasRankZero()
    {
        using var tensor = Read(NpyFile.Create("<i8", "()", [0x80, 0x3E, 0, 0, 0, 0, 0, 0]));

        Assert.AreEqual(0, tensor.Lengths.Length);
        Assert.AreEqual(16000, tensor.AsSpan<long>()[0]);
    }

    [TestMethod]
    [DataRow("(0,)")]
    [DataRow("(0, 9223372036854775807)")]
    public void Read_ZeroLength_IsEmpty(string shape)
    {
        using var tensor = Read(NpyFile.Create("<f4", shape, []));

        Assert.AreEqual(0, tensor.ElementCount);
    }

    [TestMethod]
    public void Read_Strings_AreCutAtTheirPadding()
    {
        var data = new byte[2 * 4 * 4];
        Encoding.UTF32.GetBytes("äé😀").CopyTo(data, 0);
        Encoding.UTF32.GetBytes("ab").CopyTo(data, 16);
        using var tensor = Read(NpyFile.Create("<U4", "(2,)", data));

        CollectionAssert.AreEqual((string[])["äé😀", "ab"], tensor.AsStrings().ToArray());
    }

    [TestMethod]
    public void Read_BigEndianStringsInFortranOrder_AreConverted()
    {
        var data = new UTF32Encoding(bigEndian: true, byteOrderMark: false).GetBytes("acbd");
        using var tensor = Read(NpyFile.Create(">U1", "(2, 2)", data, isFortranOrder: true));

        CollectionAssert.AreEqual((string[])["a", "b", "c", "d"], tensor.AsStrings().ToArray());
    }

    [TestMethod]
    public void Read_ByteStrings_AreText()
    {
        using var tensor = Read(NpyFile.Create("|S3", "(2,)", [.. "abc"u8, .. "d\0\0"u8]));

        CollectionAssert.AreEqual((string[])["abc", "d"], tensor.AsStrings().ToArray());
    }

    [TestMethod]
    [DataRow(11)]
    [DataRow(13)]
    public void Read_DataOfAnotherLength_NamesBoth(int length)
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create("<f4", "(3,)", new byte[length])));

        Assert.Contains("takes 12 bytes", error.Message);
        Assert.Contains($"but {length} follow", error.Message);
    }

    [TestMethod]
    [DataRow("(1000000000000,)")]
    [DataRow("(9223372036854775807,)")]
    [DataRow("(4294967296, 4294967296)")]
    public void Read_ShapeLargerThanTheFile_TakesNoMemory(string shape)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create("<c16", shape, [])));

        Assert.IsLessThan(1 << 20, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Read_StringsWithoutRoom_AreRefused()
    {
        var error = Assert.ThrowsExactly<NpyException>(() => Read(NpyFile.Create("<U0", "(1000000000000,)", [])));

        Assert.Contains("longer string type", error.Message);
    }

    [TestMethod]
    public void Read_MissingFile_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<NpyException>(() => NpyReader.Read(folder.PathOf("none.npy")));

        Assert.AreEqual($"{folder.PathOf("none.npy")}: there is no such file.", error.Message);
    }

    [TestMethod]
    public void Read_Folder_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var error = Assert.ThrowsExactly<NpyException>(() => NpyReader.Read(folder.Path));

        Assert.Contains("it is a folder", error.Message);
    }

    [TestMethod]
    public void ToTensor_BitsWhereTheModelWantsBFloat16_BecomeBFloat16()
    {
        using var array = ReadArray(NpyFile.Create("<u2", "(1,)", [0xC0, 0x3F]));
        using var tensor = array.ToTensor(TensorElementType.BFloat16);

        Assert.AreEqual(1.5f, (float)tensor.AsSpan<BFloat16>()[0]);
    }

    [TestMethod]
    [DataRow("<i2", TensorElementType.BFloat16, TensorElementType.Int16)]
    [DataRow("<u2", TensorElementType.Float32, TensorElementType.UInt16)]
    [DataRow("|u1", TensorElementType.Float8E5M2, TensorElementType.Float8E5M2)]
    [DataRow("|u1", TensorElementType.Int8, TensorElementType.UInt8)]
    [DataRow("|u1", TensorElementType.Boolean, TensorElementType.UInt8)]
    public void ToTensor_OtherTypes_StayAsTheFileHasThem(string description, TensorElementType declared, TensorElementType expected)
    {
        using var array = ReadArray(NpyFile.Create(description, "(0,)", []));
        using var tensor = array.ToTensor(declared);

        Assert.AreEqual(expected, tensor.ElementType);
    }

    private static NpyArray ReadArray(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return NpyReader.Read(stream, "a.npy");
    }

    private static TensorValue Read(byte[] file)
    {
        using var array = ReadArray(file);
        return array.ToTensor();
    }
}
