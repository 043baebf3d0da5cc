using CsCheck;

namespace EdgeAI.Onnx.Tests;

[TestClass]
public sealed class WireReaderTests
{
    [TestMethod]
    public void ReadInt64_WhatTheWriterWrote_IsTheSame() => Gen.Long.Sample(value =>
    {
        var wire = Read(RawModels.Encode(RawModels.Number(3, value)));
        return wire.ReadTag() == 3 && wire.ReadInt64() == value && wire.ReadTag() == 0;
    });

    [TestMethod]
    public void ReadInt64s_PackedOrNot_IsTheSame() => Gen.Select(Gen.Long.Array[0, 50], Gen.Bool).Sample((values, isPacked) =>
    {
        var wire = Read(RawModels.Encode(writer =>
        {
            if (isPacked) writer.WritePacked(1, values);
            else foreach (var value in values) writer.WriteInt64(1, value);
        }));
        var read = new List<long>();
        while (wire.ReadTag() != 0) wire.ReadInt64s(read);
        return read.SequenceEqual(values);
    });

    [TestMethod]
    public void ReadString_AnyText_IsTheSame() => Gen.String[Gen.Char, 0, 600].Where(text => !text.Any(char.IsSurrogate)).Sample(text =>
    {
        var wire = Read(RawModels.Encode(RawModels.Text(1, text)));
        wire.ReadTag();
        return wire.ReadString() == text;
    });

    [TestMethod]
    public void ReadTag_NumbersInThreeBytes_AreAccepted()
    {
        // Writers that reserve room for a length fill it up with zero bits.
        var wire = Read([0x0A, 0x82, 0x80, 0x00, (byte)'h', (byte)'i']);
        wire.ReadTag();
        Assert.AreEqual("hi", wire.ReadString());
    }

    [TestMethod]
    public void Read_FileWiderThanTheWindow_EqualsMemory()
    {
        using var folder = new TemporaryFolder();
        var bytes = RawModels.Encode([.. Enumerable.Range(0, 20_000).Select(i => RawModels.Text(1, $"value {i}")), RawModels.Bytes(2, new byte[100_000]), RawModels.Number(3, 7)]);
        using var file = RegularFile.Open(folder.Write("big", bytes), realFolders: null, out _)!;
        var wire = new WireReader(file, "big", OnnxReaderOptions.Default);
        for (var i = 0; i < 20_000; i++)
        {
            Assert.AreEqual(1, wire.ReadTag());
            Assert.AreEqual($"value {i}", wire.ReadString());
        }

        Assert.AreEqual(2, wire.ReadTag());
        wire.SkipBytes();
        Assert.AreEqual(3, wire.ReadTag());
        Assert.AreEqual(7, wire.ReadInt64());
        Assert.AreEqual(0, wire.ReadTag());
    }

    private static WireReader Read(byte[] bytes) => new(new MemorySource(bytes), "bytes", OnnxReaderOptions.Default);
}
