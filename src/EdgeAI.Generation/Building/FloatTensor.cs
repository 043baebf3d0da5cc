using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Matrices of floats that are read while they are written.</summary>
internal static class FloatTensor
{
    private const int ChunkElements = 1 << 20;

    /// <summary>32-bit floats.</summary>
    public static OnnxTensor Create(string name, MatrixRows matrix, BuildTracker tracker) => Create(name, TensorElementType.Float32, sizeof(float), matrix, tracker, static (values, stream) => stream.Write(MemoryMarshal.AsBytes(values)));

    /// <summary>16-bit floats; what is too large for them becomes the largest of them.</summary>
    public static OnnxTensor CreateHalf(string name, MatrixRows matrix, BuildTracker tracker)
    {
        var halves = new Half[ChunkElements + matrix.Columns];
        return Create(name, TensorElementType.Float16, sizeof(ushort), matrix, tracker, (values, stream) =>
        {
            var rounded = halves.AsSpan(0, values.Length);
            TensorPrimitives.Clamp(values, (float)Half.MinValue, (float)Half.MaxValue, values);
            TensorPrimitives.ConvertToHalf(values, rounded);
            stream.Write(MemoryMarshal.AsBytes(rounded));
        });
    }

    private static OnnxTensor Create(string name, TensorElementType type, int elementBytes, MatrixRows matrix, BuildTracker tracker, WriteValues write)
    {
        tracker.Expect(matrix.Elements);
        return OnnxTensor.Create(name, type, OnnxTensorData.FromWriter(matrix.Elements * elementBytes, stream =>
        {
            var rows = Math.Max(1, ChunkElements / matrix.Columns);
            var values = new float[rows * matrix.Columns];
            for (long row = 0; row < matrix.Rows; row += rows)
            {
                var chunk = values.AsSpan(0, (int)Math.Min(rows, matrix.Rows - row) * matrix.Columns);
                matrix.Read(row, chunk);
                write(chunk, stream);
                tracker.Advance(chunk.Length);
            }
        }), matrix.Rows, matrix.Columns);
    }

    private delegate void WriteValues(Span<float> values, Stream stream);
}
