using EdgeAI.Leases;

namespace EdgeAI.Scheduling;

[TestClass]
public sealed class LoadMonitorTests
{
    private static readonly long _ms = TimeSpan.TicksPerMillisecond;
    private readonly LaneGroup _few = Group(1);
    private readonly LaneGroup _many = Group(4);

    [TestMethod]
    [DataRow(1, 1)]
    [DataRow(3, 1)]
    [DataRow(4, 4)]
    [DataRow(100, 4)]
    public void Choose_SteadyLoad_TakesTheGroupForIt(int load, int expected)
    {
        var monitor = new LoadMonitor();
        for (var i = 0; i < 200; i++) monitor.Observe(load, now: 0);

        Assert.AreEqual(expected, monitor.Choose([_few, _many], null, 0).MinConcurrency);
        Assert.AreEqual(load, monitor.Load, 0.001);
    }

    [TestMethod]
    public void Choose_NoGroupForSoLittleLoad_TakesTheLowest()
    {
        var monitor = new LoadMonitor();
        monitor.Observe(1, now: 0);

        Assert.AreEqual(2, monitor.Choose([Group(8), Group(2)], null, 0).MinConcurrency);
    }

    // Origin: the check "flapping" of our own list: a figure that alternates about a border makes one switch a dwell at most
    [TestMethod]
    public void Choose_LoadAlternatesAboutTheBorder_SwitchesAtMostOncePerDwell()
    {
        var monitor = new LoadMonitor();
        var current = monitor.Choose([_few, _many], null, 0);
        var switches = new List<long>();
        for (var ms = 1; ms < 2000; ms++)
        {
            // Ten of one and ten of the other, so that the smoothed load crosses the border again and again.
            monitor.Observe(ms / 50 % 2 == 0 ? 1 : 9, now: 0);
            var next = monitor.Choose([_few, _many], current, ms * _ms);
            if (next != current) switches.Add(ms);
            current = next;
        }

        Assert.IsGreaterThan(2, switches.Count, "the load must make it switch for this to mean anything");
        for (var i = 1; i < switches.Count; i++) Assert.IsGreaterThanOrEqualTo(100, switches[i] - switches[i - 1]);
    }

    [TestMethod]
    public void Observe_FewArrivals_ForgetsWhatWasATenthOfASecondAgo()
    {
        var monitor = new LoadMonitor();
        for (var i = 0; i < 200; i++) monitor.Observe(16, now: i);

        // One caller of a model that takes 40 ms.
        for (var i = 1; i <= 10; i++) monitor.Observe(1, now: i * 40 * TimeSpan.TicksPerMillisecond);

        Assert.IsLessThan(1.5, monitor.Load);
    }

    [TestMethod]
    public void Choose_LoadFallsALittleBelow_Stays()
    {
        var monitor = new LoadMonitor();
        for (var i = 0; i < 200; i++) monitor.Observe(4, now: 0);
        var current = monitor.Choose([_few, _many], null, 0);

        for (var i = 0; i < 200; i++) monitor.Observe(4 - (i % 2), now: 0);
        Assert.AreSame(_many, monitor.Choose([_few, _many], current, 1000 * _ms));

        for (var i = 0; i < 200; i++) monitor.Observe(2, now: 0);
        Assert.AreSame(_few, monitor.Choose([_few, _many], current, 1000 * _ms));
    }

    private static LaneGroup Group(int minConcurrency) => new("cpu:0", acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 8, minConcurrency);
}
