using System.Buffers.Binary;
using System.Text;

namespace EdgeAI.Cli.Tests.Npy;

/// <summary>Files put together by hand from NumPy's format specification, independently of the product.</summary>
internal static class NpyFile
{
    /// <summary>A file of any version with the given dictionary, aligned to 64 bytes.</summary>
    public static byte[] Create(string dictionary, byte[] data, int version = 1)
    {
        var prefix = version == 1 ? 10 : 12;
        var text = Encoding.UTF8.GetBytes(dictionary);
        var padding = (64 - ((prefix + text.Length + 1) % 64)) % 64;
        var length = text.Length + padding + 1;
        var lengthBytes = new byte[prefix - 8];
        if (version == 1) BinaryPrimitives.WriteUInt16LittleEndian(lengthBytes, (ushort)length);
        else BinaryPrimitives.WriteUInt32LittleEndian(lengthBytes, (uint)length);
        return [0x93, .. "NUMPY"u8, (byte)version, 0, .. lengthBytes, .. text, .. Enumerable.Repeat((byte)' ', padding), (byte)'\n', .. data];
    }

    /// <summary>A version 1.0 file in C order; the shape is written as Python does, such as <c>(2, 3)</c> or <c>(3,)</c>.</summary>
    public static byte[] Create(string description, string shape, byte[] data, bool isFortranOrder = false) =>
        Create($"{{'descr': '{description}', 'fortran_order': {(isFortranOrder ? "True" : "False")}, 'shape': {shape}, }}", data);
}
