using CsCheck;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Tests.Plotting;

[TestClass]
public sealed class LatencyAxisTests
{
    [TestMethod]
    [DataRow(0.03, 0.02, 0.05)]
    [DataRow(1.0, 1.0, 1.0)]
    [DataRow(7.5, 5.0, 10.0)]
    [DataRow(99.0, 50.0, 100.0)]
    public void FloorAndCeiling_Value_AreTheLabelsAround(double value, double below, double above)
    {
        Assert.AreEqual(below, LatencyAxis.Floor(value), 1e-9);
        Assert.AreEqual(above, LatencyAxis.Ceiling(value), 1e-9);
    }

    [TestMethod]
    public void FloorAndCeiling_AnyValue_HoldItWithinAFactorOfThree() =>
        Gen.Double[-4, 6].Select(power => Math.Pow(10, power)).Sample(value =>
            LatencyAxis.Floor(value) <= value * 1.000001 && LatencyAxis.Ceiling(value) >= value * 0.999999 && LatencyAxis.Ceiling(value) / LatencyAxis.Floor(value) <= 2.6);

    [TestMethod]
    public void Ticks_TwoDecades_LabelsOneTwoFive() => CollectionAssert.AreEqual((string[])["1", "2", "5", "10", "20", "50", "100"], LabelsOf(1, 100));

    [TestMethod]
    public void Ticks_FourDecades_LabelsThePowers() => CollectionAssert.AreEqual((string[])["0.1", "1", "10", "100", "1,000"], LabelsOf(0.1, 1000));

    private static string[] LabelsOf(double bottom, double top) => [.. LatencyAxis.Ticks(bottom, top).Where(tick => tick.IsMajor).Select(tick => tick.Label)];
}
