using CsCheck;

namespace EdgeAI.Scheduling;

/// <summary>Random histories: whatever happens, every item ends exactly once and order keys are kept.</summary>
[TestClass]
public sealed class SchedulerPropertyTests
{
    private static readonly Gen<(int Kind, int A, int B, int C)> _step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 1000], Gen.Int[0, 1000], Gen.Int[0, 1000]);

    [TestMethod]
    public void AnyHistory_EveryItemEndsExactlyOnceAndKeysKeepTheirOrder() =>
        _step.Array[1, 120].Sample(steps =>
        {
            var harness = new SchedulerHarness(maxQueueLength: 8, agingPeriod: 50);
            FakeLane[] lanes = [harness.AddLane("cpu:0"), harness.AddLane("cpu:0"), harness.AddLane("gpu:0", acceptsUnpinned: false)];
            var submitted = new List<FakeItem>();
            var finished = new List<FakeItem>();
            foreach (var (kind, a, b, c) in steps)
            {
                switch (kind)
                {
                    case 0 or 1:
                        submitted.Add(harness.Submit(
                            $"{submitted.Count}",
                            (RequestPriority)(a % 3),
                            b % 3 == 0 ? harness.Now + (b % 40) : null,
                            c % 5 == 0 ? "gpu:0" : null,
                            c % 4 == 0 ? $"key{a % 2}" : null));
                        break;
                    case 2 when submitted.Count > 0:
                        harness.Cancel(submitted[a % submitted.Count]);
                        break;
                    case 3 when lanes[a % 3].Current is { } running:
                        finished.Add((FakeItem)running);
                        harness.Finish(lanes[a % 3], 1 + (b % 10));
                        break;
                    default:
                        harness.Advance(harness.Now + (a % 20));
                        break;
                }

                Assert.IsLessThanOrEqualTo(8, harness.Scheduler.Waiting);
            }

            harness.Drain();
            while (lanes.FirstOrDefault(lane => lane.Current is not null) is { } lane)
            {
                finished.Add((FakeItem)lane.Current!);
                harness.Finish(lane);
            }

            Assert.IsTrue(harness.IsDrained);
            var ended = finished.Concat(harness.Cancelled).Concat(harness.Rejected.Select(r => r.Item)).ToArray();
            CollectionAssert.AllItemsAreUnique(ended);
            CollectionAssert.AreEquivalent(submitted, ended);
            foreach (var key in harness.Started.Where(item => item.OrderKey is not null).GroupBy(item => item.OrderKey))
            {
                CollectionAssert.AreEqual(key.OrderBy(item => item.Sequence).ToArray(), key.ToArray());
            }
        });

    [TestMethod]
    public void WorkQueue_RandomAddsAndRemoves_AgreesWithASortedModel() =>
        Gen.Select(Gen.Int[0, 2], Gen.Long[0, 100], Gen.Int[0, 3]).Array[1, 80].Sample(steps =>
        {
            var queue = new WorkQueue(agingPeriod: 1_000_000);
            var model = new List<FakeItem>();
            var sequence = 0L;
            foreach (var (level, deadline, action) in steps)
            {
                if (action < 2 || model.Count == 0)
                {
                    var item = new FakeItem($"{sequence}") { Shape = new(layout: null), Level = level, Deadline = deadline, Sequence = sequence++ };
                    model.Add(item);
                    queue.Add(item);
                }
                else
                {
                    var item = model[(int)deadline % model.Count];
                    model.Remove(item);
                    Assert.IsTrue(queue.Remove(item));
                    Assert.IsFalse(queue.Remove(item));
                }

                var expected = model.OrderBy(i => i.Level).ThenBy(i => i.Deadline).ThenBy(i => i.Sequence).FirstOrDefault();
                Assert.AreSame(expected, queue.Peek(out _));
                Assert.AreEqual(model.Count, queue.Count);
            }
        });
}
