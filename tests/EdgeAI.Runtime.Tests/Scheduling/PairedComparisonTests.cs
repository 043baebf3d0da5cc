namespace EdgeAI.Scheduling;

[TestClass]
public sealed class PairedComparisonTests
{
    private const int Seeds = 2000;
    private const int Items = 32;

    private enum Verdict
    {
        Better,
        NotBetter,
    }

    [TestMethod]
    public void Add_TenPercentMoreWithLittleNoise_IsBetterWithinEightPairs()
    {
        for (var seed = 0; seed < 100; seed++)
        {
            var random = new Random(seed);
            Assert.AreEqual(Verdict.Better, Decide(() => ClosedLoop(random, 1, noise: 0.02), () => ClosedLoop(random, 1.1, noise: 0.02), out var pairs));
            Assert.IsLessThanOrEqualTo(8, pairs);
        }
    }

    [TestMethod]
    public void Add_HalfTheRate_IsDecidedByOnePair()
    {
        Assert.AreEqual(Verdict.NotBetter, Decide(() => new ServedWindow(1, 1), () => new ServedWindow(0.5, 2), out var pairs));
        Assert.AreEqual(1, pairs);
    }

    [TestMethod]
    public void Add_TwoPercentMore_IsNotWorthAChange() =>
        Assert.AreEqual(Verdict.NotBetter, Decide(() => new ServedWindow(1, 1), () => new ServedWindow(1.02, 1 / 1.02), out _));

    [TestMethod]
    public void Add_EqualWithoutNoise_EndsAfterEightPairs()
    {
        Assert.AreEqual(Verdict.NotBetter, Decide(() => new ServedWindow(1, 1), () => new ServedWindow(1, 1), out var pairs));
        Assert.AreEqual(8, pairs);
    }

    // Callers at their own pace: the rates are theirs, whoever serves.
    [TestMethod]
    public void Add_SameRateAndHalfTheTime_IsBetter()
    {
        var won = 0;
        for (var seed = 0; seed < 200; seed++)
        {
            var random = new Random(seed);
            if (Decide(() => OpenLoop(random, time: 2), () => OpenLoop(random, time: 1), out _) == Verdict.Better) won++;
        }

        Assert.IsGreaterThan(180, won, $"won {won} of 200");
    }

    [TestMethod]
    public void Add_BetterRateWithWorseTimes_IsChance() =>
        Assert.AreEqual(Verdict.NotBetter, Decide(() => new ServedWindow(1, 1), () => new ServedWindow(1.1, 1.5), out _));

    // Windows as short as they get, and random arrivals in both: the noise is the largest that there is.
    [TestMethod]
    [DataRow(1.0, 8.0, DisplayName = "equal")]
    [DataRow(1.1, 0.5, DisplayName = "a tenth slower")]
    [DataRow(1.5, 0.2, DisplayName = "half as long again")]
    public void Add_PoissonArrivals_SeldomLetTheWrongOneWin(double time, double mostPercent)
    {
        var won = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            if (Decide(() => OpenLoop(random, time: 1), () => OpenLoop(random, time), out _) == Verdict.Better) won++;
        }

        var percent = 100.0 * won / Seeds;
        Console.WriteLine($"false wins of one whose requests take {time} times as long: {percent:F2} %");
        Assert.IsLessThanOrEqualTo(mostPercent, percent);
    }

    [TestMethod]
    [DataRow(1.0, 5.0, DisplayName = "equal")]
    [DataRow(0.95, 1.0, DisplayName = "a twentieth less")]
    public void Add_NoisyClosedLoop_SeldomLetsTheWrongOneWin(double rate, double mostPercent)
    {
        var won = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(seed);
            if (Decide(() => ClosedLoop(random, 1, noise: 0.1), () => ClosedLoop(random, rate, noise: 0.1), out _) == Verdict.Better) won++;
        }

        var percent = 100.0 * won / Seeds;
        Console.WriteLine($"false wins of one that serves {rate} times as much, noise 10 %: {percent:F2} %");
        Assert.IsLessThanOrEqualTo(mostPercent, percent);
    }

    private static Verdict Decide(Func<ServedWindow> incumbent, Func<ServedWindow> challenger, out int pairs)
    {
        var comparison = default(PairedComparison);
        for (pairs = 0; !comparison.IsDecided; pairs++) comparison.Add(incumbent(), challenger());
        return comparison.IsBetter ? Verdict.Better : Verdict.NotBetter;
    }

    /// <summary>Clients that wait for their answers: by Little's law times are clients over rate.</summary>
    private static ServedWindow ClosedLoop(Random random, double rate, double noise)
    {
        var seen = rate * (1 + (noise * Normal(random)));
        return new ServedWindow(seen, 1 / seen);
    }

    /// <summary>Random arrivals at a rate of 1, and times that vary by half.</summary>
    private static ServedWindow OpenLoop(Random random, double time)
    {
        double window = 0, spent = 0;
        for (var i = 0; i < Items; i++)
        {
            window -= Math.Log(1 - random.NextDouble());
            spent += time * (0.5 + random.NextDouble());
        }

        return new ServedWindow(Items / window, spent / Items);
    }

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
