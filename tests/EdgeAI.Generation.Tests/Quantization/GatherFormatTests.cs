namespace EdgeAI.Generation.Tests;

/// <summary>ONNX Runtime's kernels must find in embeddings what was stored.</summary>
[TestClass]
public sealed class GatherFormatTests
{
    private static readonly long[] _indices = [0, 17, 3, 3, 18];

    public static IEnumerable<object[]> Cases =>
        from bits in new[] { 4, 8 }
        from blockSize in new[] { 16, 32, 128 }
        from isSymmetric in new[] { true, false }
        from columns in new[] { 64, 172, 256 }
        select new object[] { bits, blockSize, isSymmetric, columns };

    [TestMethod]
    [DynamicData(nameof(Cases))]
    public async Task Gather_QuantisedRows_GivesTheDequantisedWeights(int bits, int blockSize, bool isSymmetric, int columns)
    {
        var format = new BlockFormat(bits, blockSize, isSymmetric);
        var weight = QuantizedRows.Quantize(format, columns, RandomWeights.Gaussian(19 * columns, seed: 9));
        var expected = weight.Dequantize();
        var zeroPoints = weight.ZeroPoints;
        if (isSymmetric)
        {
            zeroPoints = new byte[19 * GatherFormat.ZeroPointBytesPerRow(format, columns)];
            GatherFormat.FillZeroPoints(format, zeroPoints);
        }

        var original = weight.Weights.ToArray();
        var data = GatherFormat.Trim(format, columns, weight.Weights).ToArray();
        Assert.AreEqual(GatherFormat.SharesCodes(format, columns), data.AsSpan().SequenceEqual(original));
        var y = await OperatorRunner.GatherBlockQuantizedAsync(format, columns, data, weight.Scales, zeroPoints, _indices);

        for (var i = 0; i < y.Length; i++) Assert.AreEqual(expected[_indices[i / columns] * columns + i % columns], y[i]);
    }

    [TestMethod]
    public void BytesPerRow_HalfAByteLeft_Throws() => Assert.ThrowsExactly<ArgumentException>(() => GatherFormat.BytesPerRow(new BlockFormat(4, 32, IsSymmetric: false), 63));
}
