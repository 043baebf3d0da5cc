using System.Buffers.Binary;
using EdgeAI.Samples.Voice;

namespace EdgeAI.Samples.Tests.Voice;

[TestClass]
public class WavFileTests
{
    private static readonly byte[] _twoSamples = [0x00, 0x40, 0x00, 0x80];

    [TestMethod]
    public void Parse_Pcm16Mono_ScalesToOne()
    {
        var wav = WavFile.Parse(Wav(Format(1, 1, 16000, 16), Part("data", _twoSamples)));

        Assert.AreEqual(16000, wav.SampleRate);
        CollectionAssert.AreEqual(new[] { 0.5f, -1f }, wav.Samples);
    }

    [TestMethod]
    public void Parse_Stereo_MixesDown()
    {
        var wav = WavFile.Parse(Wav(Format(1, 2, 8000, 16), Part("data", _twoSamples)));

        CollectionAssert.AreEqual(new[] { -0.25f }, wav.Samples);
    }

    [TestMethod]
    public void Parse_Float32_KeepsValues()
    {
        var data = new byte[8];
        BinaryPrimitives.WriteSingleLittleEndian(data, 0.25f);
        BinaryPrimitives.WriteSingleLittleEndian(data.AsSpan(4), -0.75f);

        CollectionAssert.AreEqual(new[] { 0.25f, -0.75f }, WavFile.Parse(Wav(Format(3, 1, 16000, 32), Part("data", data))).Samples);
    }

    [TestMethod]
    public void Parse_ExtensibleFormat_ReadsTheSubformat()
    {
        var extra = new byte[24];
        BinaryPrimitives.WriteUInt16LittleEndian(extra.AsSpan(8), 1);

        Assert.HasCount(2, WavFile.Parse(Wav(Format(0xFFFE, 1, 16000, 16, extra), Part("data", _twoSamples))).Samples);
    }

    [TestMethod]
    public void Parse_OtherPartsOfOddLength_AreSkippedWithTheirPadding()
    {
        byte[] list = [.. Part("LIST", [1, 2, 3]), 0];

        Assert.HasCount(2, WavFile.Parse(Wav(list, Format(1, 1, 16000, 16), Part("data", _twoSamples))).Samples);
    }

    [TestMethod]
    public void Parse_StreamedLength_ReadsToTheEnd()
    {
        var file = Wav(Format(1, 1, 16000, 16), Part("data", _twoSamples));
        file.AsSpan(file.Length - 8, 4).Fill(0xFF);

        Assert.HasCount(2, WavFile.Parse(file).Samples);
    }

    [TestMethod]
    [DataRow("", "not a WAV file")]
    [DataRow("524946460000000057415645", "no 'data' part")]
    [DataRow("5249464600000000574156456461746100000000", "before its format")]
    [DataRow("5249464600000000574156456461746109000000AA", "cut off: its part 'data' should be 9 bytes long, 1 are left")]
    [DataRow("524946460000000057415645666D742002000000AAAA", "The format part is 2 bytes long")]
    public void Parse_Damaged_SaysWhatIsWrong(string hex, string expected)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => WavFile.Parse(Convert.FromHexString(hex)));

        StringAssert.Contains(error.Message, expected);
    }

    [TestMethod]
    public void Parse_OtherEncoding_NamesItAndWhatIsRead()
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => WavFile.Parse(Wav(Format(1, 1, 16000, 24), Part("data", _twoSamples))));

        StringAssert.Contains(error.Message, "24-bit of encoding 1; 16-bit integers (encoding 1) or 32-bit floats (encoding 3) are needed");
    }

    [TestMethod]
    public void Parse_NoChannels_Throws() =>
        Assert.ThrowsExactly<InvalidDataException>(() => WavFile.Parse(Wav(Format(1, 0, 16000, 16), Part("data", _twoSamples))));

    private static byte[] Wav(params byte[][] parts)
    {
        byte[] body = [.. "WAVE"u8, .. parts.SelectMany(part => part)];
        return Part("RIFF", body);
    }

    private static byte[] Format(ushort encoding, ushort channels, uint sampleRate, ushort bits, byte[]? extra = null)
    {
        var content = new byte[16];
        BinaryPrimitives.WriteUInt16LittleEndian(content, encoding);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(2), channels);
        BinaryPrimitives.WriteUInt32LittleEndian(content.AsSpan(4), sampleRate);
        BinaryPrimitives.WriteUInt16LittleEndian(content.AsSpan(14), bits);
        return Part("fmt ", [.. content, .. extra ?? []]);
    }

    private static byte[] Part(string id, byte[] content)
    {
        var length = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, content.Length);
        return [.. id.Select(c => (byte)c), .. length, .. content];
    }
}
