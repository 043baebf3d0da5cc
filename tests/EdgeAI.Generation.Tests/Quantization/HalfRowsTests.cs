using CsCheck;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class HalfRowsTests
{
    [TestMethod]
    public void ToHalf_AnyValues_RoundsAsTheConversionDoes() => Gen.Float[-65519, 65519].Array[1, 70].Sample(values =>
    {
        var halves = new Half[values.Length];
        HalfRows.ToHalf(values, halves);
        return halves.SequenceEqual(values.Select(value => (Half)value));
    });

    [TestMethod]
    public void ToBFloat16_AnyValues_RoundsAsTheConversionDoes() => Gen.Int.Select(bits => BitConverter.Int32BitsToSingle(bits)).Where(value => Math.Abs(value) < 3.39e38f).Array[1, 70].Sample(values =>
    {
        var results = new BFloat16[values.Length];
        HalfRows.ToBFloat16(values, results);
        return results.SequenceEqual(values.Select(value => (BFloat16)value));
    });

    [TestMethod]
    [DataRow(65520f, true, false)]
    [DataRow(-1e30f, true, false)]
    [DataRow(3.4e38f, true, true)]
    [DataRow(float.NaN, true, true)]
    [DataRow(float.NegativeInfinity, true, true)]
    [DataRow(65519.99f, false, false)]
    public void ToHalf_NotRepresentable_Throws(float value, bool isTooMuchForHalf, bool isTooMuchForBFloat16)
    {
        Assert.AreEqual(isTooMuchForHalf, Throws(() => HalfRows.ToHalf([1, value], new Half[2], "embed")));
        Assert.AreEqual(isTooMuchForBFloat16, Throws(() => HalfRows.ToBFloat16([1, value], new BFloat16[2], "embed")));
    }

    [TestMethod]
    public async Task Gather_SixteenBitRows_GivesThem()
    {
        var rows = RandomWeights.Gaussian(19 * 40, seed: 10);
        var (halves, shorts) = (new Half[rows.Length], new BFloat16[rows.Length]);
        HalfRows.ToHalf(rows, halves);
        HalfRows.ToBFloat16(rows, shorts);

        var fromHalves = await OperatorRunner.GatherAndCastAsync(halves, 40, [18, 2]);
        var fromShorts = await OperatorRunner.GatherAndCastAsync(shorts, 40, [18, 2]);

        var chosen = Enumerable.Range(18 * 40, 40).Concat(Enumerable.Range(2 * 40, 40)).ToArray();
        CollectionAssert.AreEqual(chosen.Select(i => (float)(Half)rows[i]).ToArray(), fromHalves);
        CollectionAssert.AreEqual(chosen.Select(i => (float)(BFloat16)rows[i]).ToArray(), fromShorts);
    }

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (ModelLoadException error)
        {
            StringAssert.Contains(error.Message, "'embed'");
            return true;
        }
    }
}
