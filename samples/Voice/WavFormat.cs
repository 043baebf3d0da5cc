using System.Buffers.Binary;

namespace EdgeAI.Samples.Voice;

/// <summary>The 'fmt ' part of a WAV file.</summary>
internal sealed record WavFormat(bool IsFloat, int Channels, int SampleRate)
{
    private const ushort Pcm = 1;
    private const ushort IeeeFloat = 3;
    private const ushort Extensible = 0xFFFE;
    private const int PlainLength = 16;
    private const int SubformatOffset = 24;

    public int BytesPerFrame => Channels * (IsFloat ? sizeof(float) : sizeof(short));

    public static WavFormat Parse(ReadOnlySpan<byte> content)
    {
        if (content.Length < PlainLength) throw new InvalidDataException($"The format part is {content.Length} bytes long, at least {PlainLength} are needed; the file is damaged.");
        var encoding = BinaryPrimitives.ReadUInt16LittleEndian(content);
        var channels = BinaryPrimitives.ReadUInt16LittleEndian(content[2..]);
        var sampleRate = BinaryPrimitives.ReadUInt32LittleEndian(content[4..]);
        var bits = BinaryPrimitives.ReadUInt16LittleEndian(content[14..]);
        if (encoding == Extensible && content.Length >= SubformatOffset + 2) encoding = BinaryPrimitives.ReadUInt16LittleEndian(content[SubformatOffset..]);
        if (channels == 0) throw new InvalidDataException("The file says that it has no channels; it is damaged.");

        return (encoding, bits) switch
        {
            (Pcm, 16) => new WavFormat(IsFloat: false, channels, (int)sampleRate),
            (IeeeFloat, 32) => new WavFormat(IsFloat: true, channels, (int)sampleRate),
            _ => throw new InvalidDataException($"The samples are {bits}-bit of encoding {encoding}; 16-bit integers (encoding 1) or 32-bit floats (encoding 3) are needed. Convert the sound first."),
        };
    }
}
