namespace EdgeAI;

/// <summary>Facts about <see cref="TensorElementType"/>: widths, names and CLR counterparts. All members are pure and thread-safe.</summary>
public static class TensorElementTypes
{
    /// <summary>The element type that the CLR type <typeparamref name="T"/> stands for; <see cref="TensorElementType.Undefined"/> where there is none.</summary>
    public static TensorElementType Of<T>()
    {
        if (typeof(T) == typeof(float)) return TensorElementType.Float32;
        if (typeof(T) == typeof(byte)) return TensorElementType.UInt8;
        if (typeof(T) == typeof(sbyte)) return TensorElementType.Int8;
        if (typeof(T) == typeof(ushort)) return TensorElementType.UInt16;
        if (typeof(T) == typeof(short)) return TensorElementType.Int16;
        if (typeof(T) == typeof(int)) return TensorElementType.Int32;
        if (typeof(T) == typeof(long)) return TensorElementType.Int64;
        if (typeof(T) == typeof(string)) return TensorElementType.String;
        if (typeof(T) == typeof(bool)) return TensorElementType.Boolean;
        if (typeof(T) == typeof(Half)) return TensorElementType.Float16;
        if (typeof(T) == typeof(double)) return TensorElementType.Float64;
        if (typeof(T) == typeof(uint)) return TensorElementType.UInt32;
        if (typeof(T) == typeof(ulong)) return TensorElementType.UInt64;
        if (typeof(T) == typeof(BFloat16)) return TensorElementType.BFloat16;
        return TensorElementType.Undefined;
    }

    /// <summary>Bits per element; 0 for <see cref="TensorElementType.String"/> and <see cref="TensorElementType.Undefined"/>, which have no fixed width.</summary>
    public static int BitWidth(this TensorElementType type) => type switch
    {
        TensorElementType.UInt2 or TensorElementType.Int2 => 2,
        TensorElementType.UInt4 or TensorElementType.Int4 or TensorElementType.Float4E2M1 => 4,
        TensorElementType.UInt8 or TensorElementType.Int8 or TensorElementType.Boolean
            or TensorElementType.Float8E4M3FN or TensorElementType.Float8E4M3FNUZ or TensorElementType.Float8E5M2
            or TensorElementType.Float8E5M2FNUZ or TensorElementType.Float8E8M0 => 8,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.Float16 or TensorElementType.BFloat16 => 16,
        TensorElementType.Float32 or TensorElementType.Int32 or TensorElementType.UInt32 => 32,
        TensorElementType.Float64 or TensorElementType.Int64 or TensorElementType.UInt64 or TensorElementType.Complex64 => 64,
        TensorElementType.Complex128 => 128,
        _ => 0,
    };

    /// <summary>Whether several elements share a byte.</summary>
    public static bool IsPacked(this TensorElementType type) => type.BitWidth() is 2 or 4;

    /// <summary>Bytes that <paramref name="elementCount"/> elements take, packed types rounded up to a whole byte.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative, or the type has no fixed width.</exception>
    /// <exception cref="OverflowException">The size does not fit in 64 bits.</exception>
    public static nuint ByteLength(this TensorElementType type, nint elementCount)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(elementCount);
        var bits = type.BitWidth();
        if (bits == 0) throw new ArgumentOutOfRangeException(nameof(type), type, "This element type has no fixed width.");
        return bits >= 8
            ? checked((nuint)elementCount * (nuint)(bits / 8))
            : checked(((nuint)elementCount * (nuint)bits + 7) / 8);
    }

    /// <summary>The lower-case name used in messages and in JSON, such as <c>float32</c> or <c>int64</c>.</summary>
    public static string ToName(this TensorElementType type) => type switch
    {
        TensorElementType.Undefined => "undefined",
        TensorElementType.Float32 => "float32",
        TensorElementType.UInt8 => "uint8",
        TensorElementType.Int8 => "int8",
        TensorElementType.UInt16 => "uint16",
        TensorElementType.Int16 => "int16",
        TensorElementType.Int32 => "int32",
        TensorElementType.Int64 => "int64",
        TensorElementType.String => "string",
        TensorElementType.Boolean => "bool",
        TensorElementType.Float16 => "float16",
        TensorElementType.Float64 => "float64",
        TensorElementType.UInt32 => "uint32",
        TensorElementType.UInt64 => "uint64",
        TensorElementType.Complex64 => "complex64",
        TensorElementType.Complex128 => "complex128",
        TensorElementType.BFloat16 => "bfloat16",
        TensorElementType.Float8E4M3FN => "float8e4m3fn",
        TensorElementType.Float8E4M3FNUZ => "float8e4m3fnuz",
        TensorElementType.Float8E5M2 => "float8e5m2",
        TensorElementType.Float8E5M2FNUZ => "float8e5m2fnuz",
        TensorElementType.UInt4 => "uint4",
        TensorElementType.Int4 => "int4",
        TensorElementType.Float4E2M1 => "float4e2m1",
        TensorElementType.Float8E8M0 => "float8e8m0",
        TensorElementType.UInt2 => "uint2",
        TensorElementType.Int2 => "int2",
        _ => $"type {(int)type}",
    };

    /// <summary>Whether storage of this element type may be viewed as <typeparamref name="T"/>: its own CLR type, or <see cref="byte"/> for packed and 8-bit float types.</summary>
    public static bool IsViewableAs<T>(this TensorElementType type) where T : unmanaged =>
        type == Of<T>()
        || (typeof(T) == typeof(byte) && type is TensorElementType.Float8E4M3FN or TensorElementType.Float8E4M3FNUZ
            or TensorElementType.Float8E5M2 or TensorElementType.Float8E5M2FNUZ or TensorElementType.Float8E8M0
            or TensorElementType.UInt4 or TensorElementType.Int4 or TensorElementType.Float4E2M1
            or TensorElementType.UInt2 or TensorElementType.Int2);
}
