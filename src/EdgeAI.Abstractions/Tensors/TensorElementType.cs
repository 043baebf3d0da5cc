namespace EdgeAI;

/// <summary>
/// The element type of a tensor. The values are those of ONNX <c>TensorProto.DataType</c>
/// (onnx.proto, IR version 10 and later).
/// </summary>
public enum TensorElementType
{
    /// <summary>Not known.</summary>
    Undefined = 0,

    /// <summary>IEEE 754 binary32; CLR <see cref="float"/>.</summary>
    Float32 = 1,

    /// <summary>CLR <see cref="byte"/>.</summary>
    UInt8 = 2,

    /// <summary>CLR <see cref="sbyte"/>.</summary>
    Int8 = 3,

    /// <summary>CLR <see cref="ushort"/>.</summary>
    UInt16 = 4,

    /// <summary>CLR <see cref="short"/>.</summary>
    Int16 = 5,

    /// <summary>CLR <see cref="int"/>.</summary>
    Int32 = 6,

    /// <summary>CLR <see cref="long"/>.</summary>
    Int64 = 7,

    /// <summary>UTF-8 strings; CLR <see cref="string"/>. Has no contiguous storage.</summary>
    String = 8,

    /// <summary>One byte each; CLR <see cref="bool"/>.</summary>
    Boolean = 9,

    /// <summary>IEEE 754 binary16; CLR <see cref="Half"/>.</summary>
    Float16 = 10,

    /// <summary>IEEE 754 binary64; CLR <see cref="double"/>.</summary>
    Float64 = 11,

    /// <summary>CLR <see cref="uint"/>.</summary>
    UInt32 = 12,

    /// <summary>CLR <see cref="ulong"/>.</summary>
    UInt64 = 13,

    /// <summary>Two binary32 values; no CLR counterpart here.</summary>
    Complex64 = 14,

    /// <summary>Two binary64 values; no CLR counterpart here.</summary>
    Complex128 = 15,

    /// <summary>The upper half of a binary32; CLR <see cref="EdgeAI.BFloat16"/>.</summary>
    BFloat16 = 16,

    /// <summary>8-bit float E4M3FN; stored as <see cref="byte"/>.</summary>
    Float8E4M3FN = 17,

    /// <summary>8-bit float E4M3FNUZ; stored as <see cref="byte"/>.</summary>
    Float8E4M3FNUZ = 18,

    /// <summary>8-bit float E5M2; stored as <see cref="byte"/>.</summary>
    Float8E5M2 = 19,

    /// <summary>8-bit float E5M2FNUZ; stored as <see cref="byte"/>.</summary>
    Float8E5M2FNUZ = 20,

    /// <summary>Unsigned 4-bit, two in a <see cref="byte"/>, the first in the low half.</summary>
    UInt4 = 21,

    /// <summary>Signed 4-bit, two in a <see cref="byte"/>, the first in the low half.</summary>
    Int4 = 22,

    /// <summary>4-bit float E2M1, two in a <see cref="byte"/>, the first in the low half.</summary>
    Float4E2M1 = 23,

    /// <summary>8-bit exponent-only float; stored as <see cref="byte"/>.</summary>
    Float8E8M0 = 24,

    /// <summary>Unsigned 2-bit, four in a <see cref="byte"/>, the first in the lowest bits.</summary>
    UInt2 = 25,

    /// <summary>Signed 2-bit, four in a <see cref="byte"/>, the first in the lowest bits.</summary>
    Int2 = 26,
}
