using CsCheck;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class RowQuantizerTests
{
    private static readonly Gen<BlockFormat> _formats = Gen.Select(Gen.Bool, Gen.Int[4, 8], Gen.Bool, (wide, log2, symmetric) => new BlockFormat(wide ? 8 : 4, 1 << log2, symmetric));

    /// <summary>_values of very different size, with zeros and repeated values among them.</summary>
    private static readonly Gen<float> _values = Gen.Frequency(
        (8, Gen.Double[-1, 1].Select(value => (float)value)), (1, Gen.Const(0f)), (1, Gen.Bool.Select(positive => positive ? 0.5f : -0.5f)), (1, Gen.Select(Gen.Double[-4, 4], Gen.Int[-20, 20], (value, power) => (float)Math.ScaleB(value, power))));

    private static readonly Gen<(BlockFormat Format, int Columns, float[] Rows)> _cases =
        from format in _formats
        from columns in Gen.Int[1, 300]
        from count in Gen.Int[1, 5]
        from unit in Gen.Int[-80, 80]
        from rows in _values.Array[columns * count]
        select (format, columns, rows.Select(value => MathF.ScaleB(value, unit)).ToArray());

    [TestMethod]
    public void Quantize_AnyRows_EqualsTheScalarReferenceBitForBit() => _cases.Sample(test =>
    {
        var actual = QuantizedRows.Quantize(test.Format, test.Columns, test.Rows);
        var codes = new List<byte>();
        var scales = new List<float>();
        var zeroPoints = new List<byte>();
        foreach (var row in test.Rows.Chunk(test.Columns))
        {
            var blocks = row.Chunk(test.Format.BlockSize).Select(block => ScalarQuantizer.Quantize(test.Format, [.. block, .. new float[test.Format.BlockSize - block.Length]])).ToArray();
            foreach (var block in blocks) codes.AddRange(PackedBytes(test.Format.Bits, block.Codes));
            scales.AddRange(blocks.Select(block => block.Scale));
            if (!test.Format.IsSymmetric) zeroPoints.AddRange(PackedBytes(test.Format.Bits, [.. blocks.Select(block => block.ZeroPoint)]));
        }

        return actual.Scales.SequenceEqual(scales) && actual.Weights.SequenceEqual(codes) && actual.ZeroPoints.SequenceEqual(zeroPoints);
    }, iter: 300);

    [TestMethod]
    public void Quantize_AnyRows_IsNoWorseThanRoundingToNearest() => _cases.Sample(test =>
    {
        var error = QuantizedRows.Quantize(test.Format, test.Columns, test.Rows).Error();
        // The slack is binary32's rounding of sums and products, and that blocks below 2^-100 count as zeros.
        var slack = error.SquaredValue * 1e-11 + Math.ScaleB(test.Rows.Length, -200);
        return error.SquaredError <= RoundToNearest.SquaredError(test.Format, test.Columns, test.Rows) * (1 + 1e-4) + slack;
    }, iter: 1000);

    [TestMethod]
    public void Quantize_AnyRows_PadsWithCodesOfZero() => _cases.Sample(test =>
    {
        var padded = test.Format.BlocksPerRow(test.Columns) * test.Format.BlockSize;
        var actual = QuantizedRows.Quantize(test.Format, test.Columns, test.Rows);
        var rows = new float[actual.Rows * padded];
        RowDequantizer.Dequantize(test.Format, padded, actual.Weights, actual.Scales, actual.ZeroPoints, rows);
        return rows.Chunk(padded).All(row => row[test.Columns..].All(value => value == 0));
    }, iter: 300);

    [TestMethod]
    public void Quantize_RowsInParts_GivesTheSame()
    {
        foreach (var format in new[] { new BlockFormat(4, 32, IsSymmetric: false), new BlockFormat(8, 16, IsSymmetric: true), new BlockFormat(4, 128, IsSymmetric: false) })
        {
            const int Columns = 172;
            var whole = QuantizedRows.Quantize(format, Columns, RandomWeights.Gaussian(37 * Columns, seed: 1));
            var parts = QuantizedRows.Allocate(format, Columns, whole.Originals);
            Parallel.ForEach(Enumerable.Range(0, 13), part =>
            {
                var (first, last) = (part * 37 / 13, (part + 1) * 37 / 13);
                RowQuantizer.Quantize(
                    format, Columns, parts.Originals.AsSpan((first * Columns)..(last * Columns)), parts.Weights.AsSpan(Of(format.WeightBytesPerRow(Columns))),
                    parts.Scales.AsSpan(Of(format.BlocksPerRow(Columns))), parts.ZeroPoints.AsSpan(Of(format.ZeroPointBytesPerRow(Columns))), first);
                Range Of(int perRow) => (first * perRow)..(last * perRow);
            });

            CollectionAssert.AreEqual(whole.Weights, parts.Weights);
            CollectionAssert.AreEqual(whole.Scales, parts.Scales);
            CollectionAssert.AreEqual(whole.ZeroPoints, parts.ZeroPoints);
        }
    }

    [TestMethod]
    [DataRow(4, 32, true, 0.95)]
    [DataRow(4, 32, false, 0.91)]
    [DataRow(8, 32, true, 0.06)]
    public void Quantize_Gaussian_HasLessErrorThanQ4_0(int bits, int blockSize, bool isSymmetric, double ratio)
    {
        var rows = RandomWeights.Gaussian(64 * 1024, seed: 2);

        var error = QuantizedRows.Quantize(new BlockFormat(bits, blockSize, isSymmetric), 1024, rows).Error();

        Assert.IsLessThan(ratio * WeightError.MeasureQ4_0(1024, rows).RelativeRms, error.RelativeRms);
    }

    [TestMethod]
    public void Quantize_HeavyTailsInLargeBlocks_CutsOutliersOff()
    {
        var rows = RandomWeights.HeavyTailed(64 * 1024, seed: 3);
        var format = new BlockFormat(4, 128, IsSymmetric: true);

        var error = QuantizedRows.Quantize(format, 1024, rows).Error();

        Assert.IsLessThan(0.93 * RoundToNearest.SquaredError(format, 1024, rows), error.SquaredError);
    }

    [TestMethod]
    [DataRow(4, true)]
    [DataRow(4, false)]
    [DataRow(8, true)]
    [DataRow(8, false)]
    public void Quantize_ValuesOnAGrid_AreKept(int bits, bool isSymmetric)
    {
        var format = new BlockFormat(bits, 32, isSymmetric);
        var random = new Random(4);
        var zeroPoint = isSymmetric ? format.DefaultZeroPoint : format.DefaultZeroPoint / 2;
        var rows = Enumerable.Range(0, 64 * 32).Select(i => ((i % 32) switch { 0 => 0, 1 => format.MaxCode, _ => random.Next(format.MaxCode + 1) } - zeroPoint) * 0.0625f).ToArray();

        // Up to the rounding of the scale.
        Assert.IsTrue(QuantizedRows.Quantize(format, 64, rows).Dequantize().Zip(rows).All(pair => Math.Abs(pair.First - pair.Second) <= 3e-7f * Math.Abs(pair.Second)));
    }

    [TestMethod]
    [DataRow(float.NaN, 2, 40)]
    [DataRow(float.PositiveInfinity, 0, 0)]
    [DataRow(float.NegativeInfinity, 4, 99)]
    public void Quantize_NotFinite_NamesTheRow(float value, int row, int column)
    {
        var rows = new float[5 * 100];
        rows[row * 100 + column] = value;
        var target = QuantizedRows.Allocate(new BlockFormat(4, 32, IsSymmetric: true), 100, rows);

        var error = Assert.ThrowsExactly<ModelLoadException>(() => RowQuantizer.Quantize(target.Format, 100, rows, target.Weights, target.Scales, target.ZeroPoints, firstRow: 1000, "model.up"));

        StringAssert.Contains(error.Message, $"'model.up' holds {value} in row {1000 + row}, column {column}");
    }

    [TestMethod]
    public void Quantize_ExtremeMagnitudes_GivesFiniteScales()
    {
        var format = new BlockFormat(4, 16, IsSymmetric: false);
        foreach (var magnitude in new[] { float.Epsilon, 1e-38f, 1e-31f, 1e30f, 3.4e38f })
        {
            var rows = Enumerable.Range(0, 16).Select(i => magnitude * (i / 15f)).ToArray();
            var result = QuantizedRows.Quantize(format, 16, rows);
            Assert.IsTrue(float.IsFinite(result.Scales[0]));
            Assert.IsLessThanOrEqualTo(magnitude < 1e-30f ? magnitude : magnitude * 1e-6f, result.Error().MaxError);
        }
    }

    [TestMethod]
    public void Quantize_Zeros_GivesCodesOfZero()
    {
        var result = QuantizedRows.Quantize(new BlockFormat(4, 32, IsSymmetric: false), 64, new float[128]);

        Assert.IsTrue(result.Weights.All(pair => pair == 0x88) && result.Scales.All(scale => scale == 0) && result.ZeroPoints.All(pair => pair == 0x88));
    }

    [TestMethod]
    public void Quantize_Rows_AllocatesNothing()
    {
#if DEBUG
        Assert.Inconclusive("code that is not optimised allocates 504 bytes here; run with -c Release");
#else
        var result = QuantizedRows.Quantize(new BlockFormat(4, 32, IsSymmetric: false), 172, RandomWeights.Gaussian(172 * 9, seed: 5));

        var before = GC.GetAllocatedBytesForCurrentThread();
        RowQuantizer.Quantize(result.Format, 172, result.Originals, result.Weights, result.Scales, result.ZeroPoints);

        Assert.AreEqual(0, GC.GetAllocatedBytesForCurrentThread() - before);
#endif
    }

    [TestMethod]
    [DataRow(3, 32)]
    [DataRow(4, 24)]
    [DataRow(4, 512)]
    public void Quantize_FormatOfNoOperator_Throws(int bits, int blockSize) =>
        Assert.ThrowsExactly<ArgumentException>(() => RowQuantizer.Quantize(new BlockFormat(bits, blockSize, IsSymmetric: true), 32, new float[32], new byte[16], new float[1], []));

    [TestMethod]
    public void Quantize_SpansOfOtherSize_Throws()
    {
        var format = new BlockFormat(4, 32, IsSymmetric: false);
        Assert.ThrowsExactly<ArgumentException>(() => RowQuantizer.Quantize(format, 32, new float[33], new byte[16], new float[1], new byte[1]));
        Assert.ThrowsExactly<ArgumentException>(() => RowQuantizer.Quantize(format, 32, new float[32], new byte[15], new float[1], new byte[1]));
        Assert.ThrowsExactly<ArgumentException>(() => RowQuantizer.Quantize(format, 32, new float[32], new byte[16], new float[2], new byte[1]));
        Assert.ThrowsExactly<ArgumentException>(() => RowQuantizer.Quantize(format, 32, new float[32], new byte[16], new float[1], []));
    }

    private static IEnumerable<byte> PackedBytes(int bits, int[] codes) =>
        bits == 8 ? codes.Select(code => (byte)code) : codes.Chunk(2).Select(pair => (byte)(pair[0] | (pair.Length > 1 ? pair[1] << 4 : 0)));
}
