using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>Turns small whole numbers into floats, sixteen at a time. Products are exact: a half times a code has at most 24 bits.</summary>
internal static class Codes
{
    /// <summary>Numbers in a vector of bytes.</summary>
    public const int Count = 16;

    public static Vector128<byte> LowNibbles(Vector128<byte> bytes) => bytes & Vector128.Create((byte)0x0F);

    public static Vector128<byte> HighNibbles(Vector128<byte> bytes) => bytes >>> 4;

    public static float ReadHalf(ReadOnlySpan<byte> bytes) => (float)BinaryPrimitives.ReadHalfLittleEndian(bytes);

    /// <summary>Writes code * scale + offset.</summary>
    public static void Write(Vector128<byte> codes, float scale, float offset, Span<float> destination)
    {
        var (low, high) = Vector128.Widen(codes);
        Write(low.AsInt16(), scale, offset, destination);
        Write(high.AsInt16(), scale, offset, destination[8..]);
    }

    /// <summary>Writes code * scale.</summary>
    public static void Write(Vector128<sbyte> codes, float scale, Span<float> destination)
    {
        var (low, high) = Vector128.Widen(codes);
        Write(low, scale, 0, destination);
        Write(high, scale, 0, destination[8..]);
    }

    private static void Write(Vector128<short> codes, float scale, float offset, Span<float> destination)
    {
        var (low, high) = Vector128.Widen(codes);
        ((Vector128.ConvertToSingle(low) * scale) + Vector128.Create(offset)).CopyTo(destination);
        ((Vector128.ConvertToSingle(high) * scale) + Vector128.Create(offset)).CopyTo(destination[4..]);
    }
}
