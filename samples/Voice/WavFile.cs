using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace EdgeAI.Samples.Voice;

/// <summary>Sound, mixed down to one channel: samples from -1 to 1.</summary>
/// <param name="SampleRate">Samples per second.</param>
/// <param name="Samples">The samples.</param>
internal sealed record WavFile(int SampleRate, float[] Samples)
{
    private const uint StreamedLength = 0xFFFFFFFF;

    /// <summary>Reads a WAV file of 16-bit integer or 32-bit float samples with any number of channels.</summary>
    /// <exception cref="InvalidDataException">The file is not such a file; the message says what it is.</exception>
    public static WavFile Read(string path) => Parse(File.ReadAllBytes(path));

    /// <inheritdoc cref="Read"/>
    public static WavFile Parse(ReadOnlySpan<byte> file)
    {
        if (file.Length < 12 || !file.StartsWith("RIFF"u8) || !file[8..].StartsWith("WAVE"u8))
        {
            throw new InvalidDataException("This is not a WAV file: it does not start with RIFF and WAVE. Convert the sound to WAV first.");
        }

        WavFormat? format = null;
        for (var rest = file[12..]; rest.Length >= 8;)
        {
            var id = rest[..4];
            var length = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            var isData = id.SequenceEqual("data"u8);
            rest = rest[8..];
            // Programs that write to a pipe cannot go back to fill in the length.
            if (isData && length == StreamedLength) length = (uint)rest.Length;
            if (length > rest.Length) throw new InvalidDataException($"The file is cut off: its part '{Printable(id)}' should be {length} bytes long, {rest.Length} are left.");

            var content = rest[..(int)length];
            if (id.SequenceEqual("fmt "u8)) format = WavFormat.Parse(content);
            if (isData) return new WavFile((format ?? throw new InvalidDataException("The sound comes before its format ('fmt '); the file is damaged.")).SampleRate, MixDown(content, format));

            rest = rest[Math.Min(rest.Length, (int)length + ((int)length & 1))..];
        }

        throw new InvalidDataException("The file holds no sound: it has no 'data' part.");
    }

    private static float[] MixDown(ReadOnlySpan<byte> data, WavFormat format)
    {
        var frames = data.Length / format.BytesPerFrame;
        var mixed = new float[frames];
        for (var i = 0; i < frames; i++)
        {
            var frame = data.Slice(i * format.BytesPerFrame, format.BytesPerFrame);
            var sum = 0f;
            if (format.IsFloat)
            {
                foreach (var sample in MemoryMarshal.Cast<byte, float>(frame)) sum += sample;
            }
            else
            {
                foreach (var sample in MemoryMarshal.Cast<byte, short>(frame)) sum += sample / 32768f;
            }

            mixed[i] = sum / format.Channels;
        }

        return mixed;
    }

    private static string Printable(ReadOnlySpan<byte> id) => string.Concat(id.ToArray().Select(b => b is >= 0x20 and < 0x7F ? (char)b : '?'));
}
