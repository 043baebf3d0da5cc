namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class GgufRepackingTests
{
    [TestMethod]
    [DataRow(WeightFormat.Q4_0, 32)]
    [DataRow(WeightFormat.Q8_0, 32)]
    [DataRow(WeightFormat.Q6_K, 256)]
    public void Repack_RandomBlocks_KeepsEveryBit(object stored, int elements)
    {
        var columns = elements * 3;
        var (raw, expected) = RandomBlocks((WeightFormat)stored, rows: 50, columns, seed: 1);
        var format = GgufRepacking.FindFormat((WeightFormat)stored)!.Value;
        var target = QuantizedRows.Allocate(format, columns, expected);

        GgufRepacking.Repack((WeightFormat)stored, columns, raw, target.Weights, target.Scales);

        Assert.IsTrue(target.Dequantize().Zip(expected).All(pair => BitConverter.SingleToInt32Bits(pair.First) == BitConverter.SingleToInt32Bits(pair.Second)));
        Assert.AreEqual(raw.Length, 50 * GgufRepacking.BytesPerRow((WeightFormat)stored, columns));
    }

    [TestMethod]
    [DataRow(WeightFormat.Q4_1)]
    [DataRow(WeightFormat.Q2_K)]
    [DataRow(WeightFormat.Q4_K)]
    [DataRow(WeightFormat.Q5_K)]
    [DataRow(WeightFormat.Float16)]
    public void FindFormat_MinimumIsNoWholeStep_GivesNone(object stored)
    {
        Assert.IsNull(GgufRepacking.FindFormat((WeightFormat)stored));
        Assert.ThrowsExactly<ArgumentException>(() => GgufRepacking.Repack((WeightFormat)stored, 32, new byte[18], new byte[16], new float[1]));
    }

    [TestMethod]
    public void Repack_ScaleNotFinite_NamesTheRow()
    {
        var raw = new byte[3 * 2 * 18];
        BitConverter.TryWriteBytes(raw.AsSpan(3 * 18), Half.NaN);

        var error = Assert.ThrowsExactly<ModelLoadException>(() => GgufRepacking.Repack(WeightFormat.Q4_0, 64, raw, new byte[96], new float[6], firstRow: 10, "down"));

        StringAssert.Contains(error.Message, "'down' has a scale of NaN in row 11");
    }

    [TestMethod]
    public void Repack_SizesDoNotFit_Throws()
    {
        Assert.ThrowsExactly<ArgumentException>(() => GgufRepacking.Repack(WeightFormat.Q6_K, 128, new byte[105], new byte[128], new float[8]));
        Assert.ThrowsExactly<ArgumentException>(() => GgufRepacking.Repack(WeightFormat.Q4_0, 32, new byte[17], new byte[16], new float[1]));
        Assert.ThrowsExactly<ArgumentException>(() => GgufRepacking.Repack(WeightFormat.Q4_0, 32, new byte[18], new byte[32], new float[2]));
    }

    /// <summary>Blocks with random codes, written element by element as ggml's layouts say, and the values they stand for.</summary>
    private static (byte[] Raw, float[] Values) RandomBlocks(WeightFormat stored, int rows, int columns, int seed)
    {
        var random = new Random(seed);
        var (raw, values) = (new List<byte>(), new List<float>());
        while (values.Count < rows * columns)
        {
            var scale = (Half)((random.NextDouble() - 0.5) * 0.01);
            switch (stored)
            {
                case WeightFormat.Q4_0:
                    var nibbles = Codes(random, 32, 16);
                    raw.AddRange([.. BitConverter.GetBytes(scale), .. Enumerable.Range(0, 16).Select(j => (byte)(nibbles[j] + 16 * nibbles[j + 16]))]);
                    values.AddRange(nibbles.Select(code => (code - 8) * (float)scale));
                    break;
                case WeightFormat.Q8_0:
                    var bytes = Codes(random, 32, 256);
                    raw.AddRange([.. BitConverter.GetBytes(scale), .. bytes.Select(code => (byte)(sbyte)(code - 128))]);
                    values.AddRange(bytes.Select(code => (code - 128) * (float)scale));
                    break;
                default:
                    var codes = Codes(random, 256, 64);
                    var scales = Codes(random, 16, 256).Select(code => (sbyte)(code - 128)).ToArray();
                    var (low, high) = (new byte[128], new byte[64]);
                    for (var i = 0; i < 256; i++)
                    {
                        // Of 128 elements: 0 to 31 and 32 to 63 have the low halves of 64 bytes, 64 to 95 and 96 to 127 the high ones; their upper two bits share 32 bytes.
                        var (half, quarter, at) = (i / 128, i / 32 % 4, i % 32);
                        low[half * 64 + quarter % 2 * 32 + at] |= (byte)(codes[i] % 16 << (quarter < 2 ? 0 : 4));
                        high[half * 32 + at] |= (byte)(codes[i] / 16 << (2 * quarter));
                    }

                    raw.AddRange([.. low, .. high, .. scales.Select(value => (byte)value), .. BitConverter.GetBytes(scale)]);
                    values.AddRange(codes.Select((code, i) => (float)scale * scales[i / 16] * (code - 32)));
                    break;
            }
        }

        return ([.. raw], [.. values]);
    }

    private static int[] Codes(Random random, int count, int limit) => [.. Enumerable.Range(0, count).Select(_ => random.Next(limit))];
}
