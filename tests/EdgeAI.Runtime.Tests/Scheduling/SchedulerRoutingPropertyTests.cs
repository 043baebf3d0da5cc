using CsCheck;
using EdgeAI.Routing.Policies;

namespace EdgeAI.Scheduling;

/// <summary>Random histories of three devices that fail, hang and come back: every caller is answered exactly once, and nothing waits beside a free lane without a reason.</summary>
[TestClass]
public sealed class SchedulerRoutingPropertyTests
{
    private static readonly Gen<(int Kind, int A, int B, int C)> _step = Gen.Select(Gen.Int[0, 7], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]);

    [TestMethod]
    public void AnyHistory_EveryCallerIsAnsweredExactlyOnceAndNoLaneIdlesBesideWork() =>
        Gen.Select(Gen.Int[0, 2], _step.Array[1, 120]).Sample((policy, steps) =>
        {
            var harness = new SchedulerHarness(maxQueueLength: 12, agingPeriod: 50, routing: policy switch { 0 => new EarliestFinishPolicy(), 1 => new LeastLoadedPolicy(), _ => new RoundRobinPolicy() });
            FakeLane[] lanes = [harness.AddLane("a"), harness.AddLane("a"), harness.AddLane("b"), harness.AddLane("c")];
            var submitted = new List<FakeItem>();
            var ended = new List<string>();
            foreach (var (kind, a, b, c) in steps)
            {
                var lane = lanes[a % lanes.Length];
                switch (kind)
                {
                    case 0 or 1 or 2:
                        submitted.Add(harness.Submit(
                            $"{submitted.Count}",
                            (RequestPriority)(a % 3),
                            b % 3 == 0 ? harness.Now + (b % 40) : null,
                            c % 6 == 0 ? "b" : null,
                            c % 5 == 0 ? $"key{a % 2}" : null,
                            rows: 1 + (b % 2),
                            shape: a % 2 == 0 ? harness.Stackable : null));
                        break;
                    case 3 when submitted.Count > 0:
                        var item = submitted[a % submitted.Count];
                        item.IsGivenUp = true;
                        harness.Cancel(item);
                        break;
                    case 4 or 5 when lane.IsWorking:
                        ended.AddRange(lane.Batch.Items.Select(done => $"{done}"));
                        harness.Finish(lane, 1 + (b % 10));
                        break;
                    case 6 when lane.IsWorking:
                        ended.AddRange(harness.Fail(lane, isLost: b % 7 == 0).Select(failed => $"{failed}"));
                        break;
                    case 7 when b % 4 == 0:
                        harness.Observe("abc".Substring(a % 3, 1), c % 2 == 0 ? DeviceHealth.Failed : DeviceHealth.Healthy);
                        break;
                    default:
                        harness.Advance(harness.Now + (a % 20));
                        break;
                }

                if (lanes.All(other => !other.IsWorking)) Assert.AreEqual(0, harness.Scheduler.Waiting, "everything is idle and something waits");
                if (policy != 0) AssertNoneIdles(harness, lanes, submitted);
            }

            harness.Drain();
            while (lanes.FirstOrDefault(lane => lane.IsWorking) is { } lane)
            {
                ended.AddRange(lane.Batch.Items.Select(done => $"{done}"));
                harness.Finish(lane);
            }

            Assert.IsTrue(harness.IsDrained);
            Assert.AreEqual(0, harness.Scheduler.Waiting);
            string[] answered = [.. ended, .. harness.Cancelled.Select(item => $"{item}"), .. harness.Rejected.Select(r => $"{r.Item}")];
            CollectionAssert.AllItemsAreUnique(answered);
            CollectionAssert.AreEquivalent(submitted.Select(item => $"{item}").ToArray(), answered);
            foreach (var key in harness.Started.Where(item => item.OrderKey is not null).GroupBy(item => item.OrderKey))
            {
                CollectionAssert.AreEqual(key.OrderBy(item => item.Sequence).ToArray(), key.ToArray());
            }
        });

    /// <summary>These policies take a free device where there is one: what has no deadline to keep and has failed nowhere runs on any that can be trusted.</summary>
    private static void AssertNoneIdles(SchedulerHarness harness, FakeLane[] lanes, List<FakeItem> submitted)
    {
        FakeItem[] ready = [.. submitted.Where(item => item is { State: WorkState.Ready, DeviceId: null })];
        if (ready.Length == 0 || Array.Exists(ready, item => item.HasDeadline)) return;
        foreach (var set in harness.Scheduler.Sets)
        {
            if (set.Permits(harness.Now)) Assert.AreEqual(0, set.CountIdle(), $"{ready[0]} waits and {set.DeviceId} is idle; of {lanes.Length} lanes {lanes.Count(lane => lane.IsWorking)} work");
        }
    }
}
