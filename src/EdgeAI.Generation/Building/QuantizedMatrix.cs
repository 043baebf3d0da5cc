using System.Buffers;
using System.Runtime.InteropServices;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// A matrix that is quantised on all threads while its codes are written; scales and zero points, which come along, wait in memory until their turn, which is next.
/// </summary>
internal sealed class QuantizedMatrix(MatrixRows matrix, BlockFormat format, Quantization quantization)
{
    // A piece for a thread: some milliseconds of work, and buffers that stay in its cache's reach.
    private const int PieceElements = 1 << 19;
    private const int PiecesPerThread = 4;

    // Measuring costs as much as quantising: of large matrices a sample of the rows tells as much.
    private const long MostMeasured = 1 << 22;
    private const int SampleEvery = 16;

    private float[]? _scales;
    private byte[]? _zeroPoints;

    public BlockFormat Format => format;

    private int BlocksPerRow => format.BlocksPerRow(matrix.Columns);

    private int ZeroPointBytesPerRow => format.ZeroPointBytesPerRow(matrix.Columns);

    /// <summary>Codes, scales, and zero points where the format has them; to be written once each, in this order.</summary>
    public IEnumerable<OnnxTensor> ToTensors(string name)
    {
        var (rows, blocks) = (matrix.Rows, BlocksPerRow);
        quantization.Tracker.Expect(matrix.Elements);
        yield return Tensor(name + ".weight_codes", TensorElementType.UInt8, rows * (long)blocks * format.BytesPerBlock, WriteCodes, rows, blocks, format.BytesPerBlock);
        yield return Tensor(name + ".weight_scales", TensorElementType.Float32, rows * (long)blocks * sizeof(float), WriteScales, rows, blocks);
        if (!format.IsSymmetric) yield return Tensor(name + ".weight_zero_points", TensorElementType.UInt8, rows * (long)ZeroPointBytesPerRow, WriteZeroPoints, rows, ZeroPointBytesPerRow);
    }

    private static OnnxTensor Tensor(string name, TensorElementType type, long bytes, Action<Stream> write, params ReadOnlySpan<nint> lengths) =>
        OnnxTensor.Create(name, type, OnnxTensorData.FromWriter(bytes, write), lengths);

    private void WriteCodes(Stream stream)
    {
        _scales = new float[matrix.Rows * BlocksPerRow];
        _zeroPoints = new byte[matrix.Rows * ZeroPointBytesPerRow];
        var bytesPerRow = format.WeightBytesPerRow(matrix.Columns);
        var rowsPerPiece = Math.Max(1, PieceElements / matrix.Columns);
        var rowsPerRound = rowsPerPiece * quantization.Threads * PiecesPerThread;
        var codes = ArrayPool<byte>.Shared.Rent(Math.Min(rowsPerRound, matrix.Rows) * bytesPerRow);
        var options = new ParallelOptions { MaxDegreeOfParallelism = quantization.Threads, CancellationToken = quantization.Tracker.CancellationToken };
        for (var start = 0; start < matrix.Rows; start += rowsPerRound)
        {
            var (first, count) = (start, Math.Min(rowsPerRound, matrix.Rows - start));
            try
            {
                Parallel.For(0, (count + rowsPerPiece - 1) / rowsPerPiece, options, piece =>
                {
                    var row = piece * rowsPerPiece;
                    var rows = Math.Min(rowsPerPiece, count - row);
                    Quantize(first + row, rows, codes.AsSpan(row * bytesPerRow, rows * bytesPerRow));
                });
            }
            catch (AggregateException error) when (error.InnerExceptions is [var only, ..])
            {
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(only);
            }

            stream.Write(codes.AsSpan(0, count * bytesPerRow));
            quantization.Tracker.Advance((long)count * matrix.Columns);
        }

        ArrayPool<byte>.Shared.Return(codes);
    }

    private void WriteScales(Stream stream)
    {
        stream.Write(MemoryMarshal.AsBytes(_scales.AsSpan()));
        _scales = null;
    }

    private void WriteZeroPoints(Stream stream)
    {
        stream.Write(_zeroPoints);
        _zeroPoints = null;
    }

    private void Quantize(int firstRow, int rows, Span<byte> codes)
    {
        var scales = _scales.AsSpan(firstRow * BlocksPerRow, rows * BlocksPerRow);
        var zeroPoints = _zeroPoints.AsSpan(firstRow * ZeroPointBytesPerRow, rows * ZeroPointBytesPerRow);
        if (StoredBlocks.Fit(matrix, format))
        {
            StoredBlocks.Repack(matrix, firstRow, codes, scales);
            return;
        }

        var values = ArrayPool<float>.Shared.Rent(rows * matrix.Columns);
        var floats = values.AsSpan(0, rows * matrix.Columns);
        matrix.Read(firstRow, floats);
        RowQuantizer.Quantize(format, matrix.Columns, floats, codes, scales, zeroPoints, firstRow, matrix.Name);
        Measure(floats, codes, scales, zeroPoints, rows);
        ArrayPool<float>.Shared.Return(values);
    }

    private void Measure(ReadOnlySpan<float> values, ReadOnlySpan<byte> codes, ReadOnlySpan<float> scales, ReadOnlySpan<byte> zeroPoints, int rows)
    {
        var step = matrix.Elements > MostMeasured ? SampleEvery : 1;
        var (columns, codeBytes, blocks, zeroBytes) = (matrix.Columns, format.WeightBytesPerRow(matrix.Columns), BlocksPerRow, ZeroPointBytesPerRow);
        var restored = ArrayPool<float>.Shared.Rent(columns);
        var total = default(WeightError);
        for (var row = 0; row < rows; row += step)
        {
            RowDequantizer.Dequantize(format, columns, codes.Slice(row * codeBytes, codeBytes), scales.Slice(row * blocks, blocks), zeroPoints.Slice(row * zeroBytes, zeroBytes), restored.AsSpan(0, columns));
            total += WeightError.Measure(values.Slice(row * columns, columns), restored.AsSpan(0, columns));
        }

        ArrayPool<float>.Shared.Return(restored);
        quantization.Add(total);
    }
}
