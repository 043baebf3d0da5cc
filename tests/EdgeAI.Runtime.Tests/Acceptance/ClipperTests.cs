using EdgeAI.Batching;
using EdgeAI.Batching.Policies;

namespace EdgeAI.Acceptance;

/// <summary>What Clipper's tests of its batch sizes ask for.</summary>
[TestClass]
public sealed class ClipperTests
{
    // Origin: Clipper src/libclipper/test/container_test.cpp: a larger latency budget gives a larger batch
    [TestMethod]
    public void Choose_LargerBudget_GivesALargerBatchThatStillFits()
    {
        var last = 0;
        foreach (var budget in new[] { 110, 150, 300, 1000 })
        {
            var state = new FakeState { Queued = 64, Max = 64, Deadline = budget, Ticks = rows => 100 + (5 * rows) };
            var rows = BatchSizing.Choose(state);
            Assert.IsLessThanOrEqualTo(budget, 100 + (5 * rows));
            Assert.IsGreaterThan(last, rows);
            last = rows;
        }

        Assert.AreEqual(64, last);
    }

    // Origin: Clipper src/libclipper/test/container_test.cpp: within what was explored the estimate decides; beyond it, one step is explored
    [TestMethod]
    public void MaxRows_NothingPlanned_GrowsOnlyAsLongAsItPays()
    {
        var costs = new RunCosts(new FakeLanes());
        Assert.AreEqual(1, costs.MaxRows(planned: null));

        // Up to 8 rows cost what one costs; 16 cost twice as much.
        for (var rows = 1; rows <= 16; rows = costs.MaxRows(planned: null))
        {
            for (var i = 0; i < 20; i++) costs.Observe(rows, wasCrowded: false, rows <= 8 ? 1000 : 2000, now: 0);
            if (rows == 16) break;
            Assert.AreEqual(2 * rows, costs.MaxRows(planned: null));
        }

        Assert.AreEqual(8, costs.MaxRows(planned: null));
    }
}
