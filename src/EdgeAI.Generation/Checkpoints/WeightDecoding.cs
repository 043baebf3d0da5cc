using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>Turns stored blocks into floats.</summary>
internal static class WeightDecoding
{
    /// <summary>Decodes whole blocks.</summary>
    /// <param name="format">How they are stored.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="destination">Receives as many values as the blocks hold.</param>
    public static void Decode(WeightFormat format, ReadOnlySpan<byte> blocks, Span<float> destination)
    {
        switch (format)
        {
            case WeightFormat.Float32:
                MemoryMarshal.Cast<byte, float>(blocks).CopyTo(destination);
                break;
            case WeightFormat.Float16:
                TensorPrimitives.ConvertToSingle(MemoryMarshal.Cast<byte, Half>(blocks), destination);
                break;
            case WeightFormat.BFloat16:
                DecodeBFloat16(MemoryMarshal.Cast<byte, ushort>(blocks), destination);
                break;
            case WeightFormat.Q4_0:
                DecodeBlocks<Q4_0Block>(blocks, destination);
                break;
            case WeightFormat.Q4_1:
                DecodeBlocks<Q4_1Block>(blocks, destination);
                break;
            case WeightFormat.Q5_0:
                DecodeBlocks<Q5_0Block>(blocks, destination);
                break;
            case WeightFormat.Q5_1:
                DecodeBlocks<Q5_1Block>(blocks, destination);
                break;
            case WeightFormat.Q8_0:
                DecodeBlocks<Q8_0Block>(blocks, destination);
                break;
            case WeightFormat.Q2_K:
                DecodeBlocks<Q2_KBlock>(blocks, destination);
                break;
            case WeightFormat.Q3_K:
                DecodeBlocks<Q3_KBlock>(blocks, destination);
                break;
            case WeightFormat.Q4_K:
                DecodeBlocks<Q4_KBlock>(blocks, destination);
                break;
            case WeightFormat.Q5_K:
                DecodeBlocks<Q5_KBlock>(blocks, destination);
                break;
            case WeightFormat.Q6_K:
                DecodeBlocks<Q6_KBlock>(blocks, destination);
                break;
            case WeightFormat.IQ4_NL:
                DecodeBlocks<IQ4_NLBlock>(blocks, destination);
                break;
            case WeightFormat.IQ4_XS:
                DecodeBlocks<IQ4_XSBlock>(blocks, destination);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(format));
        }
    }

    private static void DecodeBlocks<T>(ReadOnlySpan<byte> blocks, Span<float> destination)
        where T : IBlockFormat
    {
        var (length, bytes) = (T.Format.BlockLength(), T.Format.BlockBytes());
        while (!blocks.IsEmpty)
        {
            T.Decode(blocks[..bytes], destination[..length]);
            blocks = blocks[bytes..];
            destination = destination[length..];
        }
    }

    private static void DecodeBFloat16(ReadOnlySpan<ushort> source, Span<float> destination)
    {
        var i = 0;
        for (; i <= source.Length - Vector<ushort>.Count; i += Vector<ushort>.Count)
        {
            Vector.Widen(new Vector<ushort>(source[i..]), out var low, out var high);
            Vector.AsVectorSingle(low << 16).CopyTo(destination[i..]);
            Vector.AsVectorSingle(high << 16).CopyTo(destination[(i + Vector<uint>.Count)..]);
        }

        for (; i < source.Length; i++) destination[i] = BitConverter.UInt32BitsToSingle((uint)source[i] << 16);
    }
}
