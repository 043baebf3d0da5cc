using System.Diagnostics;
using EdgeAI.Batching;
using EdgeAI.Leases;
using EdgeAI.Profiling;
using EdgeAI.Routing.Policies;
using EdgeAI.Scheduling;

namespace EdgeAI.Benchmarks.Simulation;

/// <summary>The time of one decision among devices by the default policy, with everything that is looked up for it: every other device works.</summary>
internal static class RoutingDecision
{
    private const int Rounds = 21;
    private const int Waiting = 64;
    private const long Now = TimeSpan.TicksPerSecond;

    public static (double Microseconds, long Bytes) Measure(int devices)
    {
        var shape = new ShapeGroup(new BatchLayout([0], [0]));
        var sets = Enumerable.Range(0, devices).Select(i => Create(i, shape)).ToList();
        var queue = new WorkQueue(TimeSpan.TicksPerSecond);
        for (var i = 0; i < Waiting; i++) queue.Add(new Item { Shape = shape, IsStackable = true, Sequence = i, Deadline = Now + TimeSpan.TicksPerSecond });
        var first = queue.Peek(out _)!;
        var router = new Router(new EarliestFinishPolicy());
        var decisions = 200_000 / devices;
        for (var i = 0; i < decisions; i++) router.Choose(first, sets, queue, Now);

        var times = new List<double>();
        var before = GC.GetAllocatedBytesForCurrentThread();
        var bytes = 0L;
        for (var round = 0; round < Rounds; round++)
        {
            var started = Stopwatch.GetTimestamp();
            for (var i = 0; i < decisions; i++) router.Choose(first, sets, queue, Now);
            var elapsed = Stopwatch.GetElapsedTime(started);
            bytes += GC.GetAllocatedBytesForCurrentThread() - before;
            times.Add(elapsed.TotalMicroseconds / decisions);
            before = GC.GetAllocatedBytesForCurrentThread();
        }

        return (Statistics.Median(times, time => time), bytes);
    }

    private static LaneSet Create(int number, ShapeGroup shape)
    {
        var set = new LaneSet($"sim:{number}", new WorkQueue(TimeSpan.TicksPerSecond));
        var group = new LaneGroup(set.DeviceId, acceptsUnpinned: true, coresPerLane: 1, new CoreBudget(null), maxRows: 32);
        var pace = TimeSpan.TicksPerMillisecond * (1 + (number % 50));
        LatencyCurve curve = LatencyCurve.Create([new CurvePoint(1, pace, 1.1 * pace, Samples: 32), new CurvePoint(32, 2 * pace, 2.2 * pace, Samples: 32)]);
        shape.CostsOn(group).Replace(curve, curve);
        set.Add(group, Now);
        var lane = new Lane(group);
        group.Lanes.Add(lane);
        if (number % 2 == 0)
        {
            set.AddIdle(lane);
            return set;
        }

        lane.Batch.Add(new Item { Shape = shape });
        (lane.Batch.StartedAt, lane.Batch.Predicted) = (Now - 1, pace);
        lane.SetWorking(true);
        group.Working = 1;
        return set;
    }

    private sealed class Lane(LaneGroup group) : LaneSlot(group)
    {
        public override void Wake()
        {
        }

        public override void Interrupt(long startedAt)
        {
        }

        public override void Retire()
        {
        }
    }

    private sealed class Item : WorkItem
    {
        public override void Reject(in Refusal refusal)
        {
        }

        public override void Cancel()
        {
        }

        public override void Abandon(Exception reason)
        {
        }
    }
}
