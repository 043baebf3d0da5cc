namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class WeightErrorTests
{
    [TestMethod]
    public void Measure_KnownValues_GivesRootMeanSquareAndMaximum()
    {
        var error = WeightError.Measure([3, -4, 0], [3, -3.5f, 0]) + WeightError.Measure([0, 5], [0.25f, 5]);

        Assert.AreEqual(0.5f, error.MaxError);
        Assert.AreEqual(Math.Sqrt((0.25 + 0.0625) / 50), error.RelativeRms, 1e-12);
        Assert.AreEqual(0, WeightError.Measure([0], [0]).RelativeRms);
        Assert.ThrowsExactly<ArgumentException>(() => WeightError.Measure([1], []));
    }

    [TestMethod]
    public void MeasureQ4_0_ValuesOfTheFormat_FindsNoError()
    {
        var rows = Enumerable.Range(0, 64).Select(i => (i % 16 - 8) * 0.5f).ToArray();

        Assert.AreEqual(0, WeightError.MeasureQ4_0(64, rows).SquaredError);
        // Halfway between two levels, in a block of which the last element has another scale.
        Assert.AreEqual(0.25f, WeightError.MeasureQ4_0(33, [-4, 0.25f, .. new float[30], 1]).MaxError);
    }
}
