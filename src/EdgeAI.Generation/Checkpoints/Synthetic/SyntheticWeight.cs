using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>A weight of random values, made as they are read.</summary>
internal sealed class SyntheticWeight(string name, uint seed, float center, float range, params long[] lengths) : Weight
{
    private readonly uint _key = CounterRandom.KeyOf(name, seed);

    public override string Name => name;

    public override ReadOnlySpan<long> Lengths => lengths;

    public override WeightFormat Format => WeightFormat.Float32;

    public override void ReadRows(long firstRow, Span<float> destination)
    {
        WeightRange.RowsOf(this, firstRow, destination.Length, Columns);
        CounterRandom.FillUniform(_key, firstRow * Columns, center, range, destination);
    }

    public override void ReadRaw(long firstRow, Span<byte> destination)
    {
        WeightRange.RowsOf(this, firstRow, destination.Length, Columns * sizeof(float));
        ReadRows(firstRow, MemoryMarshal.Cast<byte, float>(destination));
    }
}
