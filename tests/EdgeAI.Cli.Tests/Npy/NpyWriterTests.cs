using System.Text;
using CsCheck;
using EdgeAI.Cli.Npy;

namespace EdgeAI.Cli.Tests.Npy;

[TestClass]
public sealed class NpyWriterTests
{
    private static readonly Gen<nint[]> _lengths = Gen.Int[0, 4].Select(length => (nint)length).Array[0, 4];

    [TestMethod]
    public void Write_Floats_AreHeaderAndData()
    {
        using var tensor = TensorValue.Create((float[])[1, -2], 2);

        CollectionAssert.AreEqual(NpyFile.Create("<f4", "(2,)", [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0]), Write(tensor));
    }

    [TestMethod]
    public void Write_Strings_ArePaddedToTheLongest()
    {
        using var tensor = TensorValue.CreateStrings(["a", "😀bc", ""], 3);

        var data = new byte[3 * 3 * 4];
        Encoding.UTF32.GetBytes("a").CopyTo(data, 0);
        Encoding.UTF32.GetBytes("😀bc").CopyTo(data, 12);
        CollectionAssert.AreEqual(NpyFile.Create("<U3", "(3,)", data), Write(tensor));
    }

    [TestMethod]
    public void Write_EmptyStrings_HaveRoomForOneCharacter()
    {
        using var tensor = TensorValue.CreateStrings([""], 1);

        CollectionAssert.AreEqual(NpyFile.Create("<U1", "(1,)", new byte[4]), Write(tensor));
    }

    [TestMethod]
    public void Write_BFloat16_AreItsBits()
    {
        using var tensor = TensorValue.Create((BFloat16[])[(BFloat16)1.5f], 1);

        CollectionAssert.AreEqual(NpyFile.Create("<u2", "(1,)", [0xC0, 0x3F]), Write(tensor));
    }

    [TestMethod]
    public void Write_PackedType_SaysWhatToDo()
    {
        using var tensor = TensorValue.Create(new NativeBuffer(1), TensorElementType.Int4, 2);

        var error = Assert.ThrowsExactly<NpyException>(() => Write(tensor));

        Assert.Contains("int4", error.Message);
        Assert.Contains("Cast", error.Message);
    }

    [TestMethod]
    public void WriteThenRead_AnyNumbers_AreTheSame()
    {
        RoundTrip(Gen.Float);
        RoundTrip(Gen.Double);
        RoundTrip(Gen.SByte);
        RoundTrip(Gen.Byte);
        RoundTrip(Gen.Short);
        RoundTrip(Gen.UShort);
        RoundTrip(Gen.Int);
        RoundTrip(Gen.UInt);
        RoundTrip(Gen.Long);
        RoundTrip(Gen.ULong);
        RoundTrip(Gen.Bool);
        RoundTrip(Gen.UShort.Select(bits => BitConverter.UInt16BitsToHalf(bits)));
        RoundTrip(Gen.UShort.Select(BFloat16.FromBits));
    }

    [TestMethod]
    public void WriteThenRead_AnyStrings_AreTheSame() =>
        _lengths.SelectMany(lengths => Gen.String[Gen.Char['\u0001', '\uD7FF'], 0, 5].Array[(int)TensorShape.GetElementCount(lengths)].Select(data => (lengths, data))).Sample((lengths, data) =>
        {
            using var tensor = TensorValue.CreateStrings(data, lengths);
            using var array = Read(Write(tensor));
            using var back = array.ToTensor();
            return back.Lengths.SequenceEqual(lengths) && back.AsStrings().SequenceEqual(data);
        }, iter: 200);

    [TestMethod]
    public void Write_ToAFile_LeavesNothingElseBehind()
    {
        using var folder = new TemporaryFolder();
        using var tensor = TensorValue.Create((long[])[1, 2, 3], 3);
        folder.Write("y.npy", [1, 2, 3]);

        NpyWriter.Write(folder.PathOf("y.npy"), tensor);

        CollectionAssert.AreEqual((string[])[folder.PathOf("y.npy")], Directory.GetFiles(folder.Path));
        CollectionAssert.AreEqual(Write(tensor), File.ReadAllBytes(folder.PathOf("y.npy")));
    }

    [TestMethod]
    public void Write_Failing_KeepsTheEarlierFile()
    {
        using var folder = new TemporaryFolder();
        using var tensor = TensorValue.Create(new NativeBuffer(1), TensorElementType.UInt4, 2);
        folder.Write("y.npy", [1, 2, 3]);

        Assert.ThrowsExactly<NpyException>(() => NpyWriter.Write(folder.PathOf("y.npy"), tensor));

        CollectionAssert.AreEqual((string[])[folder.PathOf("y.npy")], Directory.GetFiles(folder.Path));
        CollectionAssert.AreEqual((byte[])[1, 2, 3], File.ReadAllBytes(folder.PathOf("y.npy")));
    }

    [TestMethod]
    public void Write_IntoAMissingFolder_NamesTheFile()
    {
        using var folder = new TemporaryFolder();
        using var tensor = TensorValue.Create((long[])[1], 1);

        var error = Assert.ThrowsExactly<NpyException>(() => NpyWriter.Write(Path.Join(folder.Path, "none", "y.npy"), tensor));

        Assert.StartsWith(Path.Join(folder.Path, "none", "y.npy"), error.Message);
    }

    // Compared bit for bit: not-a-numbers keep their payload.
    private static void RoundTrip<T>(Gen<T> element) where T : unmanaged =>
        _lengths.SelectMany(lengths => element.Array[(int)TensorShape.GetElementCount(lengths)].Select(data => (lengths, data))).Sample((lengths, data) =>
        {
            using var tensor = TensorValue.Create(data, lengths);
            using var array = Read(Write(tensor));
            using var back = array.ToTensor(tensor.ElementType);
            return back.ElementType == tensor.ElementType && back.Lengths.SequenceEqual(lengths) && Bits(back).SequenceEqual(Bits(tensor));
        }, iter: 100);

    private static unsafe ReadOnlySpan<byte> Bits(TensorValue tensor) => new((void*)tensor.Buffer.Address, (int)tensor.ElementType.ByteLength(tensor.ElementCount));

    private static byte[] Write(TensorValue tensor)
    {
        using var stream = new MemoryStream();
        NpyWriter.Write(stream, tensor, "y.npy");
        return stream.ToArray();
    }

    private static NpyArray Read(byte[] file)
    {
        using var stream = new MemoryStream(file);
        return NpyReader.Read(stream, "y.npy");
    }
}
