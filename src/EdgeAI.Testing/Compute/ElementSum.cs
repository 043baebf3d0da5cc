using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAI.Testing;

/// <summary>Sums of elements in binary64, from the first to the last, for the element types that have a CLR number.</summary>
internal static class ElementSum
{
    /// <summary>Whether elements of this type can be summed.</summary>
    public static bool IsNumeric(TensorElementType type) => type is
        TensorElementType.Float32 or TensorElementType.Float64 or TensorElementType.Float16 or TensorElementType.BFloat16
        or TensorElementType.Int8 or TensorElementType.Int16 or TensorElementType.Int32 or TensorElementType.Int64
        or TensorElementType.UInt8 or TensorElementType.UInt16 or TensorElementType.UInt32 or TensorElementType.UInt64
        or TensorElementType.Boolean;

    /// <summary>The sum; 0 for types without a CLR number.</summary>
    public static double Of(TensorElementType type, ReadOnlySpan<byte> bytes) => type switch
    {
        TensorElementType.Float32 => Of<float>(bytes),
        TensorElementType.Float64 => Of<double>(bytes),
        TensorElementType.Float16 => Of<Half>(bytes),
        TensorElementType.BFloat16 => OfBFloat16(bytes),
        TensorElementType.Int8 => Of<sbyte>(bytes),
        TensorElementType.Int16 => Of<short>(bytes),
        TensorElementType.Int32 => Of<int>(bytes),
        TensorElementType.Int64 => Of<long>(bytes),
        TensorElementType.UInt8 or TensorElementType.Boolean => Of<byte>(bytes),
        TensorElementType.UInt16 => Of<ushort>(bytes),
        TensorElementType.UInt32 => Of<uint>(bytes),
        TensorElementType.UInt64 => Of<ulong>(bytes),
        _ => 0,
    };

    /// <summary>Writes a value into every element, saturated to the type's range; zero for types without a CLR number.</summary>
    public static void Fill(TensorElementType type, Span<byte> bytes, double value)
    {
        switch (type)
        {
            case TensorElementType.Float32: Fill<float>(bytes, value); break;
            case TensorElementType.Float64: Fill<double>(bytes, value); break;
            case TensorElementType.Float16: Fill<Half>(bytes, value); break;
            case TensorElementType.BFloat16: MemoryMarshal.Cast<byte, BFloat16>(bytes).Fill((BFloat16)(float)value); break;
            case TensorElementType.Int8: Fill<sbyte>(bytes, value); break;
            case TensorElementType.Int16: Fill<short>(bytes, value); break;
            case TensorElementType.Int32: Fill<int>(bytes, value); break;
            case TensorElementType.Int64: Fill<long>(bytes, value); break;
            case TensorElementType.UInt8: Fill<byte>(bytes, value); break;
            case TensorElementType.UInt16: Fill<ushort>(bytes, value); break;
            case TensorElementType.UInt32: Fill<uint>(bytes, value); break;
            case TensorElementType.UInt64: Fill<ulong>(bytes, value); break;
            case TensorElementType.Boolean: bytes.Fill(value != 0 ? (byte)1 : (byte)0); break;
            default: bytes.Clear(); break;
        }
    }

    private static double Of<T>(ReadOnlySpan<byte> bytes) where T : unmanaged, INumberBase<T>
    {
        var sum = 0.0;
        foreach (var element in MemoryMarshal.Cast<byte, T>(bytes)) sum += double.CreateSaturating(element);
        return sum;
    }

    private static double OfBFloat16(ReadOnlySpan<byte> bytes)
    {
        var sum = 0.0;
        foreach (var element in MemoryMarshal.Cast<byte, BFloat16>(bytes)) sum += (float)element;
        return sum;
    }

    private static void Fill<T>(Span<byte> bytes, double value) where T : unmanaged, INumberBase<T> =>
        MemoryMarshal.Cast<byte, T>(bytes).Fill(T.CreateSaturating(value));
}
