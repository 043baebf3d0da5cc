using System.Buffers.Binary;
using System.Text;

namespace EdgeAI.Cli.Npy;

/// <summary>
/// The start of a <c>.npy</c> file: magic, version, and a Python dictionary with the keys descr, fortran_order and shape.
/// Source: NumPy's format specification, https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
/// </summary>
/// <param name="Type">The element type.</param>
/// <param name="IsFortranOrder">Whether the first axis varies fastest.</param>
/// <param name="Lengths">Lengths of the axes.</param>
internal sealed record NpyHeader(NpyType Type, bool IsFortranOrder, nint[] Lengths)
{
    /// <summary>The data starts at a multiple of this.</summary>
    public const int Alignment = 64;

    /// <summary>The longest header that is read; real ones have about a hundred bytes.</summary>
    public const int MaxLength = 65_535;

    public static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>The header's bytes in version 1.0, padded with spaces and ended by a line feed.</summary>
    public byte[] ToBytes()
    {
        var prefix = Magic.Length + 4;
        var shape = Lengths.Length == 1 ? $"({Lengths[0]},)" : $"({string.Join(", ", Lengths)})";
        var text = $"{{'descr': '{Type.Description}', 'fortran_order': {(IsFortranOrder ? "True" : "False")}, 'shape': {shape}, }}";
        var length = (prefix + text.Length + 1 + Alignment - 1) / Alignment * Alignment;

        var bytes = new byte[length];
        bytes.AsSpan().Fill((byte)' ');
        Magic.CopyTo(bytes);
        bytes[Magic.Length] = 1;
        bytes[Magic.Length + 1] = 0;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(Magic.Length + 2), checked((ushort)(length - prefix)));
        Encoding.ASCII.GetBytes(text, bytes.AsSpan(prefix));
        bytes[^1] = (byte)'\n';
        return bytes;
    }

    /// <summary>Reads a header from the stream's position, which then is at the data.</summary>
    /// <exception cref="NpyException">The file is no <c>.npy</c> file, or its header is malformed.</exception>
    public static NpyHeader Read(Stream stream, string path)
    {
        Span<byte> start = stackalloc byte[8];
        if (stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.StartsWith(Magic))
        {
            throw new NpyException(path, "it is not a .npy file; save the array with numpy.save.");
        }

        var (major, minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0) throw new NpyException(path, $"its format version is {major}.{minor}; versions 1.0, 2.0 and 3.0 are read.");

        var lengthBytes = start[..(major == 1 ? 2 : 4)];
        ReadExactly(stream, lengthBytes, path);
        var length = major == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaxLength) throw new NpyException(path, $"its header has {length} bytes; at most {MaxLength} are read.");

        var bytes = new byte[length];
        ReadExactly(stream, bytes, path);
        return NpyHeaderParser.Parse((major == 3 ? Encoding.UTF8 : Encoding.Latin1).GetString(bytes), path);
    }

    private static void ReadExactly(Stream stream, Span<byte> bytes, string path)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length) throw new NpyException(path, "it ends within its header; save the array again.");
    }
}
