using CsCheck;

namespace EdgeAI.Generation.Tests;

/// <summary>Every block format against its definition: all decoded values are the exact ones, rounded once.</summary>
[TestClass]
public sealed class BlockFormatTests
{
    public static IEnumerable<object[]> Formats =>
    [
        [WeightFormat.Q4_0], [WeightFormat.Q4_1], [WeightFormat.Q5_0], [WeightFormat.Q5_1], [WeightFormat.Q8_0], [WeightFormat.Q2_K], [WeightFormat.Q3_K], [WeightFormat.Q4_K],
        [WeightFormat.Q5_K], [WeightFormat.Q6_K], [WeightFormat.IQ4_NL], [WeightFormat.IQ4_XS],
    ];

    [TestMethod]
    [DynamicData(nameof(Formats))]
    public void Decode_AnyBlocks_GivesTheDefinedValues(object boxed)
    {
        var format = (WeightFormat)boxed;
        var (length, bytes) = (format.BlockLength(), format.BlockBytes());
        Gen.Byte.Array[3 * bytes].Sample(
            blocks =>
            {
                var values = new float[3 * length];
                WeightDecoding.Decode(format, blocks, values);
                for (var i = 0; i < values.Length; i++)
                {
                    var expected = (float)BlockOracle.Value(format, blocks.AsSpan(i / length * bytes, bytes), i % length);

                    // A scale that is infinite or not a number gives one of the two everywhere.
                    if (float.IsFinite(expected)) Assert.AreEqual(expected, values[i], $"element {i}");
                    else Assert.IsFalse(float.IsFinite(values[i]), $"element {i}");
                }
            },
            iter: 500,
            threads: 1);
    }

    // Half a step, or a whole one where the other extreme has no code (Q4_0); and the rounding of scales to halves, 2^-11 of the largest value.
    [TestMethod]
    [DataRow(WeightFormat.Q4_0, (1 / 8.0) + (1 / 2048.0))]
    [DataRow(WeightFormat.Q4_1, 1 / 14.0)]
    [DataRow(WeightFormat.Q8_0, (0.5 / 127) + (1 / 2048.0))]
    public void Decode_Encoded_IsNearTheValues(object boxed, double tolerance)
    {
        var format = (WeightFormat)boxed;
        Gen.Float[-1, 1].Array[64].Sample(
            values =>
            {
                var decoded = new float[64];
                WeightDecoding.Decode(format, BlockEncoding.Encode(format, values), decoded);
                for (var i = 0; i < 64; i++) Assert.AreEqual(values[i], decoded[i], tolerance + 1e-6);
            },
            iter: 200,
            threads: 1);
    }

    [TestMethod]
    public void ByteLength_MoreThanALongHolds_Overflows() => Assert.ThrowsExactly<OverflowException>(() => WeightFormat.Float32.ByteLength(long.MaxValue));
}
