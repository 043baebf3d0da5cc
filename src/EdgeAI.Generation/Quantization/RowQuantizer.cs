using System.Numerics;
using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>
/// Turns rows of floats into the blobs of MatMulNBits, with the scales that make the squared error small: see <see cref="SymmetricSearch"/> and
/// <see cref="AsymmetricSearch"/>. Never worse in squared error than rounding to nearest with the scale of the extremes.
/// Thread-safe, allocates nothing: several threads take a range of rows each. The result does not depend on the width of the vector unit, nor on how rows are divided into calls.
/// </summary>
internal static class RowQuantizer
{
    /// <summary>Quantises whole rows.</summary>
    /// <param name="format">How they are stored.</param>
    /// <param name="columns">Values of a row.</param>
    /// <param name="rows">Whole rows, row-major.</param>
    /// <param name="weights">Receives the codes: <see cref="BlockFormat.WeightBytesPerRow"/> a row.</param>
    /// <param name="scales">Receives the scales: <see cref="BlockFormat.BlocksPerRow"/> a row.</param>
    /// <param name="zeroPoints">Receives the zero points: <see cref="BlockFormat.ZeroPointBytesPerRow"/> a row; empty for a symmetric format.</param>
    /// <param name="firstRow">The number of the first row within the weight, for messages.</param>
    /// <param name="weightName">The weight, for messages.</param>
    /// <exception cref="ModelLoadException">A value is not finite: the row is named.</exception>
    /// <exception cref="ArgumentException">A span does not fit the format.</exception>
    public static void Quantize(
        BlockFormat format, int columns, ReadOnlySpan<float> rows, Span<byte> weights, Span<float> scales, Span<byte> zeroPoints, long firstRow = 0, string? weightName = null)
    {
        format.RequireRows(columns, rows.Length, weights.Length, scales.Length, zeroPoints.Length);
        var blocksPerRow = format.BlocksPerRow(columns);
        Span<Vector<float>> storage = stackalloc Vector<float>[format.BlockSize];
        Span<float> zeros = stackalloc float[Vector<float>.Count];
        for (var first = 0; first < scales.Length; first += Vector<float>.Count)
        {
            var count = int.Min(Vector<float>.Count, scales.Length - first);
            Gather(format, columns, rows, first, count, MemoryMarshal.Cast<Vector<float>, float>(storage));
            var group = new BlockGroup(storage);
            if (!group.IsFinite) ThrowNotFinite(columns, rows, firstRow, weightName);

            Vector<float> scale;
            var zero = new Vector<float>(format.DefaultZeroPoint);
            if (format.IsSymmetric) scale = SymmetricSearch.FindScale(group, format);
            else (scale, zero) = AsymmetricSearch.FindScale(group, format);

            Pack(format, storage, scale, zero, weights[(first * format.BytesPerBlock)..], count);
            (scale * group.Unit).CopyTo(zeros);
            zeros[..count].CopyTo(scales[first..]);
            if (format.IsSymmetric) continue;
            zero.CopyTo(zeros);
            for (var lane = 0; lane < count; lane++) StoreZeroPoint(format, zeroPoints, first + lane, blocksPerRow, (int)zeros[lane]);
        }
    }

    /// <summary>Turns blocks into columns: one block a lane, so that all of them are searched at once and every sum runs in the order of the elements.</summary>
    private static void Gather(BlockFormat format, int columns, ReadOnlySpan<float> rows, int firstBlock, int count, Span<float> lanes)
    {
        var blocksPerRow = format.BlocksPerRow(columns);
        if (count < Vector<float>.Count) lanes.Clear();
        for (var lane = 0; lane < count; lane++)
        {
            var (row, block) = int.DivRem(firstBlock + lane, blocksPerRow);
            var start = block * format.BlockSize;
            var source = rows.Slice(row * columns + start, int.Min(format.BlockSize, columns - start));
            var at = lane;
            foreach (var value in source)
            {
                lanes[at] = value;
                at += Vector<float>.Count;
            }

            for (; at < lanes.Length; at += Vector<float>.Count) lanes[at] = 0;
        }
    }

    private static void Pack(BlockFormat format, ReadOnlySpan<Vector<float>> values, Vector<float> scale, Vector<float> zero, Span<byte> weights, int count)
    {
        Span<int> words = stackalloc int[Vector<int>.Count];
        var inverse = BlockGroup.Invert(scale);
        var lowest = -zero;
        var highest = new Vector<float>(format.MaxCode) - zero;
        var perWord = 32 / format.Bits;
        for (var word = 0; word < values.Length / perWord; word++)
        {
            var packed = Vector<int>.Zero;
            for (var i = 0; i < perWord; i++)
            {
                var level = Vector.ClampNative(Vector.Round(values[word * perWord + i] * inverse), lowest, highest);
                packed |= Vector.ConvertToInt32Native(level + zero) << (i * format.Bits);
            }

            packed.CopyTo(words);
            for (var lane = 0; lane < count; lane++) BitConverter.TryWriteBytes(weights[(lane * format.BytesPerBlock + word * sizeof(int))..], words[lane]);
        }
    }

    private static void StoreZeroPoint(BlockFormat format, Span<byte> zeroPoints, int block, int blocksPerRow, int value)
    {
        if (format.Bits == 8)
        {
            zeroPoints[block] = (byte)value;
            return;
        }

        var (row, inRow) = int.DivRem(block, blocksPerRow);
        ref var target = ref zeroPoints[row * ((blocksPerRow + 1) / 2) + inRow / 2];
        target = (byte)(inRow % 2 == 0 ? value : target | value << 4);
    }

    private static void ThrowNotFinite(int columns, ReadOnlySpan<float> rows, long firstRow, string? weightName)
    {
        var at = 0;
        while (at < rows.Length - 1 && float.IsFinite(rows[at])) at++;
        throw new ModelLoadException(
            $"Weight '{weightName ?? "?"}' holds {rows[at]} in row {firstRow + at / columns}, column {at % columns}: it cannot be quantised. The file is damaged, or its training diverged.");
    }
}
