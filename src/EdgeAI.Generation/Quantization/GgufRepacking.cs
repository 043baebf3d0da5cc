using System.Buffers.Binary;
using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>
/// Turns rows of GGUF blocks into the blobs of MatMulNBits where these can say the same: each dequantised value keeps its bits. Thread-safe, allocates nothing.
/// The block layouts are those of ggml (<c>ggml-common.h</c>, and <c>dequantize_row_*</c> in <c>ggml-quants.c</c> for their meaning).
/// </summary>
internal static class GgufRepacking
{
    private const int HalfBytes = 2;
    private const int SmallBlock = 32;
    private const int SuperBlock = 256;
    private const int Q4Bytes = HalfBytes + SmallBlock / 2;
    private const int Q8Bytes = HalfBytes + SmallBlock;
    private const int SubBlock = 16;
    private const int Q6HighBits = SuperBlock / 2;
    private const int Q6Scales = Q6HighBits + SuperBlock / 4;
    private const int Q6Scale = Q6Scales + SuperBlock / SubBlock;
    private const int Q6Bytes = Q6Scale + HalfBytes;

    /// <summary>The format that holds such blocks without loss; <see langword="null"/> where none does, because their minimum is not a whole number of steps.</summary>
    public static BlockFormat? FindFormat(WeightFormat stored) => stored switch
    {
        WeightFormat.Q4_0 => new BlockFormat(4, SmallBlock, IsSymmetric: true),
        WeightFormat.Q8_0 => new BlockFormat(8, SmallBlock, IsSymmetric: true),
        // A block of 256 has sixteen scales; the product of its half scale and a signed byte is exact in binary32.
        WeightFormat.Q6_K => new BlockFormat(8, SubBlock, IsSymmetric: true),
        _ => null,
    };

    /// <summary>Bytes of a stored row.</summary>
    /// <exception cref="ArgumentException">Rows of this length are not whole blocks.</exception>
    public static int BytesPerRow(WeightFormat stored, int columns)
    {
        var (elements, bytes) = SizeOf(stored);
        return columns % elements == 0 ? columns / elements * bytes : throw new ArgumentException($"Rows of {columns} values are not whole blocks of {elements}, as {stored} needs.", nameof(columns));
    }

    /// <summary>Repacks whole rows into the format that <see cref="FindFormat"/> gives.</summary>
    /// <param name="stored">How they are stored.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="raw">Whole rows as stored.</param>
    /// <param name="weights">Receives the codes.</param>
    /// <param name="scales">Receives the scales.</param>
    /// <param name="firstRow">The number of the first row within the weight, for messages.</param>
    /// <param name="weightName">The weight, for messages.</param>
    /// <exception cref="ModelLoadException">A scale is not finite: the row is named.</exception>
    /// <exception cref="ArgumentException">The blocks cannot be repacked, or a span does not fit.</exception>
    public static void Repack(WeightFormat stored, int columns, ReadOnlySpan<byte> raw, Span<byte> weights, Span<float> scales, long firstRow = 0, string? weightName = null)
    {
        var format = FindFormat(stored) ?? throw new ArgumentException($"{stored} has no counterpart without loss; dequantise it and quantise again.", nameof(stored));
        var (elements, bytes) = SizeOf(stored);
        var rowBytes = BytesPerRow(stored, columns);
        if (raw.Length % rowBytes != 0) throw new ArgumentException($"{raw.Length} bytes are not whole rows of {rowBytes}.", nameof(raw));
        format.RequireRows(columns, raw.Length / rowBytes * columns, weights.Length, scales.Length, zeroPoints: 0);

        var (codeBytes, scalesPerBlock) = (elements * format.Bits / 8, elements / format.BlockSize);
        for (var block = 0; block < raw.Length / bytes; block++)
        {
            var source = raw.Slice(block * bytes, bytes);
            var codes = weights.Slice(block * codeBytes, codeBytes);
            var scalesOfBlock = scales.Slice(block * scalesPerBlock, scalesPerBlock);
            switch (stored)
            {
                case WeightFormat.Q4_0: RepackQ4(source, codes, scalesOfBlock); break;
                case WeightFormat.Q8_0: RepackQ8(source, codes, scalesOfBlock); break;
                default: RepackQ6(source, codes, scalesOfBlock); break;
            }

            if (!float.IsFinite(scalesOfBlock[0])) ThrowNotFinite(scalesOfBlock[0], firstRow + block / (columns / elements), weightName);
        }
    }

    /// <summary>Element j lies in the low half of byte j, element j + 16 in its high half; MatMulNBits has neighbours in a byte.</summary>
    private static void RepackQ4(ReadOnlySpan<byte> source, Span<byte> codes, Span<float> scales)
    {
        scales[0] = ReadHalf(source);
        var pairs = source[HalfBytes..];
        for (var i = 0; i < SmallBlock / 4; i++)
        {
            var (even, odd) = (pairs[2 * i], pairs[2 * i + 1]);
            codes[i] = (byte)(even & 0xF | odd << 4);
            codes[i + SmallBlock / 4] = (byte)(even >> 4 | odd & 0xF0);
        }
    }

    private static void RepackQ8(ReadOnlySpan<byte> source, Span<byte> codes, Span<float> scales)
    {
        scales[0] = ReadHalf(source);
        // Adding 128 to a signed byte turns its sign bit round.
        TensorPrimitives.Xor(source[HalfBytes..], (byte)0x80, codes);
    }

    /// <summary>Two halves of 128 elements; each has 64 bytes of low four bits and 32 bytes of high two bits, of which every byte serves elements that lie 32 apart.</summary>
    private static void RepackQ6(ReadOnlySpan<byte> source, Span<byte> codes, Span<float> scales)
    {
        var scale = ReadHalf(source[Q6Scale..]);
        for (var i = 0; i < scales.Length; i++) scales[i] = scale * (sbyte)source[Q6Scales + i];
        for (var half = 0; half < 2; half++)
        {
            var low = source.Slice(half * 64, 64);
            var high = source.Slice(Q6HighBits + half * 32, 32);
            var target = codes.Slice(half * 128, 128);
            for (var i = 0; i < 128; i++)
            {
                var (quarter, inQuarter) = (i / 32, i % 32);
                var lowBits = low[i % 64] >> (quarter / 2 * 4) & 0xF;
                var highBits = high[inQuarter] >> (quarter * 2) & 3;
                target[i] = (byte)((lowBits | highBits << 4) - 32 + 128);
            }
        }
    }

    private static (int Elements, int Bytes) SizeOf(WeightFormat stored) =>
        stored switch { WeightFormat.Q4_0 => (SmallBlock, Q4Bytes), WeightFormat.Q8_0 => (SmallBlock, Q8Bytes), _ => (SuperBlock, Q6Bytes) };

    private static float ReadHalf(ReadOnlySpan<byte> source) => (float)BinaryPrimitives.ReadHalfLittleEndian(source);

    private static void ThrowNotFinite(float scale, long row, string? weightName) =>
        throw new ModelLoadException($"Weight '{weightName ?? "?"}' has a scale of {scale} in row {row}: the file is damaged.");
}
