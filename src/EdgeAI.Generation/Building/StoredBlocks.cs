using System.Buffers;

namespace EdgeAI.Generation;

/// <summary>Matrices that a checkpoint stores in blocks already: taken over without loss where the wanted format has as many bits.</summary>
internal static class StoredBlocks
{
    /// <summary>The format to build: that of the stored blocks where all rows have the same and may be taken as they are; else one with zero points where some rows need them.</summary>
    public static BlockFormat Choose(MatrixRows matrix, BlockFormat wanted)
    {
        if (matrix.RawFormat is { } stored) return WeightQuantizer.Choose(stored, wanted);
        var formats = matrix.Formats.Where(format => GgufRepacking.FindFormat(format) is null).Select(format => WeightQuantizer.Choose(format, wanted));
        return formats.FirstOrDefault(format => !format.IsSymmetric, wanted);
    }

    /// <summary>Whether stored blocks say the same in this format.</summary>
    public static bool Fit(MatrixRows matrix, BlockFormat format) => matrix.RawFormat is { } stored && GgufRepacking.FindFormat(stored) == format;

    /// <summary>Repacks rows; their number is that of the scales over the blocks of a row.</summary>
    public static void Repack(MatrixRows matrix, int firstRow, Span<byte> codes, Span<float> scales)
    {
        var stored = matrix.RawFormat!.Value;
        var rowBytes = GgufRepacking.BytesPerRow(stored, matrix.Columns);
        var rows = scales.Length / GgufRepacking.FindFormat(stored)!.Value.BlocksPerRow(matrix.Columns);
        var raw = ArrayPool<byte>.Shared.Rent(rows * rowBytes);
        matrix.ReadRaw(firstRow, rowBytes, raw.AsSpan(0, rows * rowBytes));
        GgufRepacking.Repack(stored, matrix.Columns, raw.AsSpan(0, rows * rowBytes), codes, scales, firstRow, matrix.Name);
        ArrayPool<byte>.Shared.Return(raw);
    }
}
