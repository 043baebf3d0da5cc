namespace EdgeAI.Generation.Tests;

/// <summary>ONNX Runtime's kernel must find in the blobs what the dequantiser finds.</summary>
[TestClass]
public sealed class MatMulNBitsTests
{
    private const int Rows = 37;

    /// <summary>172 and 100 are no whole blocks, and give odd numbers of them.</summary>
    public static IEnumerable<object[]> Cases =>
        from bits in new[] { 4, 8 }
        from blockSize in new[] { 16, 32, 64, 128, 256 }
        from isSymmetric in new[] { true, false }
        from accuracyLevel in new[] { 0, 4 }
        from columns in new[] { 100, 172, 256 }
        select new object[] { bits, blockSize, isSymmetric, accuracyLevel, columns };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Run_OneHotRows_GivesTheDequantisedWeights(int bits, int blockSize, bool isSymmetric, int accuracyLevel, int columns)
    {
        var weight = QuantizedRows.Quantize(new BlockFormat(bits, blockSize, isSymmetric), columns, RandomWeights.Gaussian(Rows * columns, seed: 7));
        var identity = new float[columns * columns];
        for (var i = 0; i < columns; i++) identity[i * columns + i] = 1;

        var y = await OperatorRunner.MatMulNBitsAsync(weight, accuracyLevel, identity);

        var expected = weight.Dequantize();
        for (var k = 0; k < columns; k++)
        {
            for (var n = 0; n < Rows; n++) Assert.AreEqual(expected[n * columns + k], y[k * Rows + n], 1e-6f);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Run_FullScaleRow_SumsWithoutSaturating(int bits, int blockSize, bool isSymmetric, int accuracyLevel, int columns)
    {
        // Signs are exact in 8 bits as +-127, and large codes meet them: a kernel that adds pairs of products in 16 bits would overflow. One row, as when decoding.
        var random = new Random(8);
        var signs = Enumerable.Range(0, columns).Select(_ => random.Next(2) * 2 - 1f).ToArray();
        var rows = Enumerable.Range(0, Rows * columns).Select(i => (i / columns % 3 == 0 ? signs[i % columns] : 1) * (0.9f + 0.1f * random.NextSingle())).ToArray();
        var weight = QuantizedRows.Quantize(new BlockFormat(bits, blockSize, isSymmetric), columns, rows);

        var y = await OperatorRunner.MatMulNBitsAsync(weight, accuracyLevel, signs);

        var expected = weight.Dequantize().Chunk(columns).Select(row => row.Zip(signs, (value, sign) => (double)value * sign).Sum()).ToArray();
        for (var n = 0; n < Rows; n++) Assert.AreEqual(expected[n], y[n], 1e-3);
    }
}
