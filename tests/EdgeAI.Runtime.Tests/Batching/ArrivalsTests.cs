namespace EdgeAI.Batching;

[TestClass]
public sealed class ArrivalsTests
{
    private static readonly int _last = Arrivals.Windows.Length - 1;

    [TestMethod]
    public void Expect_NothingSeen_IsNobody()
    {
        var arrivals = new Arrivals();
        arrivals.Arrived(3, now: 5);

        Assert.AreEqual(0, arrivals.Expect(_last, now: 10, out var remaining));
        Assert.AreEqual(TimeSpan.Zero, remaining);
    }

    [TestMethod]
    public void Expect_ClientsComeBackTogether_ExpectsThoseThatAreMissing()
    {
        var arrivals = new Arrivals();
        var now = 0L;
        for (var run = 0; run < 10; run++, now += 200_000)
        {
            arrivals.RunEnded(8, now);
            for (var client = 0; client < 8; client++) arrivals.Arrived(1, now + 300 + (10 * client));
        }

        arrivals.RunEnded(8, now);
        arrivals.Arrived(3, now + 300);

        Assert.AreEqual(5, arrivals.Expect(_last, now + 300, out var remaining), 0.01);
        Assert.AreEqual(Arrivals.Windows[_last].Ticks - 300, remaining.Ticks);
        Assert.AreEqual(0, arrivals.Expect(0, now + 300, out _), "that window is over");
    }

    [TestMethod]
    public void Expect_ArrivalsDoNotCare_ExpectsTheirRate()
    {
        var arrivals = new Arrivals();
        // One row in 2 ms, whenever runs of one row end, which is every 8 ms.
        for (var now = 0L; now < 8_000_000; now += 20_000)
        {
            if (now % 80_000 == 0) arrivals.RunEnded(1, now);
            arrivals.Arrived(1, now + 10_000);
        }

        arrivals.RunEnded(1, 8_000_000);

        // Of the 4 ms window two of the four of each run fall in.
        Assert.AreEqual(2, arrivals.Expect(_last, 8_000_000, out _), 2.01);
        Assert.AreEqual(0, arrivals.Expect(0, 8_000_000, out _), 0.01);
    }

    [TestMethod]
    public void Expect_WindowIsOver_IsNobody()
    {
        var arrivals = new Arrivals();
        arrivals.RunEnded(8, 0);
        arrivals.Arrived(8, 100);
        arrivals.RunEnded(8, 100_000);

        Assert.AreEqual(0, arrivals.Expect(_last, 100_000 + Arrivals.Windows[_last].Ticks, out _));
    }
}
