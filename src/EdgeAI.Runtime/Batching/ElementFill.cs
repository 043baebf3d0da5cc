using System.Runtime.InteropServices;

namespace EdgeAI.Batching;

/// <summary>Fills tensors with one value.</summary>
internal static class ElementFill
{
    /// <summary>Every element becomes the value, converted and saturated to the element type.</summary>
    /// <exception cref="NotSupportedException">The type has no such conversion.</exception>
    public static void Fill(TensorValue tensor, double value)
    {
        var bytes = TensorBytes.Of(tensor);
        switch (tensor.ElementType)
        {
            case TensorElementType.Float32: MemoryMarshal.Cast<byte, float>(bytes).Fill((float)value); break;
            case TensorElementType.Float64: MemoryMarshal.Cast<byte, double>(bytes).Fill(value); break;
            case TensorElementType.Float16: MemoryMarshal.Cast<byte, Half>(bytes).Fill((Half)value); break;
            case TensorElementType.BFloat16: MemoryMarshal.Cast<byte, BFloat16>(bytes).Fill((BFloat16)(float)value); break;
            case TensorElementType.Int64: MemoryMarshal.Cast<byte, long>(bytes).Fill(long.CreateSaturating(value)); break;
            case TensorElementType.Int32: MemoryMarshal.Cast<byte, int>(bytes).Fill(int.CreateSaturating(value)); break;
            case TensorElementType.Int16: MemoryMarshal.Cast<byte, short>(bytes).Fill(short.CreateSaturating(value)); break;
            case TensorElementType.UInt64: MemoryMarshal.Cast<byte, ulong>(bytes).Fill(ulong.CreateSaturating(value)); break;
            case TensorElementType.UInt32: MemoryMarshal.Cast<byte, uint>(bytes).Fill(uint.CreateSaturating(value)); break;
            case TensorElementType.UInt16: MemoryMarshal.Cast<byte, ushort>(bytes).Fill(ushort.CreateSaturating(value)); break;
            case TensorElementType.Int8: bytes.Fill((byte)sbyte.CreateSaturating(value)); break;
            case TensorElementType.UInt8: bytes.Fill(byte.CreateSaturating(value)); break;
            case TensorElementType.Boolean: bytes.Fill(value != 0 ? (byte)1 : (byte)0); break;
            default: throw new NotSupportedException($"Tensors of {tensor.ElementType.ToName()} cannot be filled up.");
        }
    }
}
