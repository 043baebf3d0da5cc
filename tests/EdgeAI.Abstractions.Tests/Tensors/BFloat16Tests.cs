using CsCheck;

namespace EdgeAI.Tests.Tensors;

[TestClass]
public sealed class BFloat16Tests
{
    [TestMethod]
    [DataRow(0f, (ushort)0x0000)]
    [DataRow(-0f, (ushort)0x8000)]
    [DataRow(1f, (ushort)0x3F80)]
    [DataRow(-2.5f, (ushort)0xC020)]
    [DataRow(3.140625f, (ushort)0x4049)]
    [DataRow(float.PositiveInfinity, (ushort)0x7F80)]
    [DataRow(float.NegativeInfinity, (ushort)0xFF80)]
    [DataRow(float.MaxValue, (ushort)0x7F80)]
    public void FromSingle_KnownValues_HasTheseBits(float value, ushort bits) => Assert.AreEqual(bits, ((BFloat16)value).ToBits());

    [TestMethod]
    [DataRow(0x3F808000u, (ushort)0x3F80, DisplayName = "tie goes to even, down")]
    [DataRow(0x3F818000u, (ushort)0x3F82, DisplayName = "tie goes to even, up")]
    [DataRow(0x3F808001u, (ushort)0x3F81, DisplayName = "above the tie")]
    [DataRow(0x3F807FFFu, (ushort)0x3F80, DisplayName = "below the tie")]
    public void FromSingle_BetweenTwoValues_RoundsToNearestEven(uint bits, ushort expected) =>
        Assert.AreEqual(expected, ((BFloat16)BitConverter.UInt32BitsToSingle(bits)).ToBits());

    [TestMethod]
    public void FromSingle_AnyNaN_StaysNaN() =>
        Gen.UInt[0x7F800001, 0x7FFFFFFF].Sample(bits => float.IsNaN((BFloat16)BitConverter.UInt32BitsToSingle(bits)));

    [TestMethod]
    public void ToSingle_EveryValue_ComesBackTheSame()
    {
        for (var bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = BFloat16.FromBits((ushort)bits);
            if (float.IsNaN(value)) continue;
            Assert.AreEqual((ushort)bits, ((BFloat16)(float)value).ToBits());
        }
    }

    [TestMethod]
    public void FromSingle_AnyFiniteValue_IsTheNearest() =>
        Gen.Single[-1e30f, 1e30f].Sample(value =>
        {
            var rounded = (BFloat16)value;
            var error = Math.Abs((double)(float)rounded - value);
            var up = BFloat16.FromBits((ushort)(rounded.ToBits() + 1));
            return (float.IsInfinity(up) || Math.Abs((double)(float)up - value) >= error)
                && (rounded.ToBits() << 17 == 0 || Math.Abs((double)(float)BFloat16.FromBits((ushort)(rounded.ToBits() - 1)) - value) >= error);
        });
}
