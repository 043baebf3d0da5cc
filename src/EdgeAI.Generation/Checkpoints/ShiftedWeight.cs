using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>A weight with a number added to each value.</summary>
internal sealed class ShiftedWeight(Weight inner, float shift) : Weight
{
    public override string Name => inner.Name;

    public override ReadOnlySpan<long> Lengths => inner.Lengths;

    public override WeightFormat Format => WeightFormat.Float32;

    public override void ReadRows(long firstRow, Span<float> destination)
    {
        inner.ReadRows(firstRow, destination);
        TensorPrimitives.Add(destination, shift, destination);
    }

    public override void ReadRaw(long firstRow, Span<byte> destination)
    {
        WeightRange.RowsOf(this, firstRow, destination.Length, Columns * sizeof(float));
        ReadRows(firstRow, MemoryMarshal.Cast<byte, float>(destination));
    }
}
