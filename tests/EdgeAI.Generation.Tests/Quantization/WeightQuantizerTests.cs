namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class WeightQuantizerTests
{
    private static readonly BlockFormat _int4 = new(4, 128, IsSymmetric: true);
    private static readonly BlockFormat _int8 = new(8, 32, IsSymmetric: true);

    [TestMethod]
    public void Choose_StoredAsBlocks_KeepsThemWhereTheBitsAgree()
    {
        Assert.AreEqual(new BlockFormat(4, 32, IsSymmetric: true), WeightQuantizer.Choose(WeightFormat.Q4_0, _int4));
        Assert.AreEqual(new BlockFormat(8, 32, IsSymmetric: true), WeightQuantizer.Choose(WeightFormat.Q8_0, new BlockFormat(8, 128, IsSymmetric: false)));
        Assert.AreEqual(new BlockFormat(8, 16, IsSymmetric: true), WeightQuantizer.Choose(WeightFormat.Q6_K, _int8));
        foreach (var stored in new[] { WeightFormat.Q4_1, WeightFormat.Q2_K, WeightFormat.Q4_K, WeightFormat.Q5_K }) Assert.AreEqual(new BlockFormat(4, 32, IsSymmetric: false), WeightQuantizer.Choose(stored, _int4));
        foreach (var stored in new[] { WeightFormat.Q8_0, WeightFormat.Q3_K, WeightFormat.Q6_K, WeightFormat.IQ4_NL, WeightFormat.IQ4_XS, WeightFormat.Float16 }) Assert.AreEqual(_int4, WeightQuantizer.Choose(stored, _int4));
        foreach (var stored in new[] { WeightFormat.Q4_0, WeightFormat.Q2_K, WeightFormat.Q3_K, WeightFormat.Q4_K, WeightFormat.IQ4_NL, WeightFormat.IQ4_XS, WeightFormat.Float32 }) Assert.AreEqual(_int8, WeightQuantizer.Choose(stored, _int8));
    }

    [TestMethod]
    public void Quantize_StoredBlocks_RepacksTheRowsAskedFor()
    {
        var weight = new StoredWeight(WeightFormat.Q8_0, rows: 7, columns: 64);
        var target = QuantizedRows.Allocate(_int8, 64, new float[3 * 64]);

        WeightQuantizer.Quantize(weight, _int8, firstRow: 2, new float[4 * 64], target.Weights, target.Scales, target.ZeroPoints);

        CollectionAssert.AreEqual(weight.Values.AsSpan((2 * 64)..(5 * 64)).ToArray(), target.Dequantize());
    }

    [TestMethod]
    public void Quantize_OtherFormat_QuantisesTheRowsAskedFor()
    {
        var weight = new StoredWeight(WeightFormat.Q8_0, rows: 7, columns: 64);
        var format = new BlockFormat(4, 32, IsSymmetric: false);
        var expected = QuantizedRows.Quantize(format, 64, weight.Values.AsSpan((2 * 64)..(5 * 64)).ToArray());
        var target = QuantizedRows.Allocate(format, 64, new float[3 * 64]);

        WeightQuantizer.Quantize(weight, format, firstRow: 2, new float[3 * 64], target.Weights, target.Scales, target.ZeroPoints);

        CollectionAssert.AreEqual(expected.Weights, target.Weights);
        CollectionAssert.AreEqual(expected.Scales, target.Scales);
        CollectionAssert.AreEqual(expected.ZeroPoints, target.ZeroPoints);
    }

    [TestMethod]
    public void Quantize_DamagedRow_NamesWeightAndRow()
    {
        var weight = new StoredWeight(WeightFormat.Q8_0, rows: 7, columns: 64);
        weight.Values[4 * 64 + 1] = float.NaN;
        var target = QuantizedRows.Allocate(_int4, 64, new float[3 * 64]);

        var error = Assert.ThrowsExactly<ModelLoadException>(() => WeightQuantizer.Quantize(weight, _int4, firstRow: 2, new float[3 * 64], target.Weights, target.Scales, target.ZeroPoints));

        StringAssert.Contains(error.Message, "'stored' holds NaN in row 4, column 1");
    }

    /// <summary>Q8_0 blocks in memory: half 0.5 and signed bytes that count up.</summary>
    private sealed class StoredWeight : Weight
    {
        private readonly long[] _lengths;
        private readonly byte[] _raw;

        public StoredWeight(WeightFormat format, int rows, int columns)
        {
            Format = format;
            _lengths = [rows, columns];
            Values = [.. Enumerable.Range(0, rows * columns).Select(i => (sbyte)i * 0.5f)];
            _raw = [.. Enumerable.Range(0, rows * columns).Chunk(32).SelectMany(block => BitConverter.GetBytes((Half)0.5f).Concat(block.Select(i => (byte)i)))];
        }

        public float[] Values { get; }

        public override string Name => "stored";

        public override ReadOnlySpan<long> Lengths => _lengths;

        public override WeightFormat Format { get; }

        public override void ReadRows(long firstRow, Span<float> destination) => Values.AsSpan((int)(firstRow * Columns), destination.Length).CopyTo(destination);

        public override void ReadRaw(long firstRow, Span<byte> destination) => _raw.AsSpan((int)(firstRow * Columns / 32 * 34), destination.Length).CopyTo(destination);
    }
}
