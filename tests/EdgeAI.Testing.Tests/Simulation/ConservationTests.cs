using CsCheck;

namespace EdgeAI.Testing.Tests.Scheduling;

/// <summary>Random scenarios with every fault: each request ends exactly once.</summary>
[TestClass]
public sealed class ConservationTests
{
    private static readonly Gen<SimulatedPlan> _plan = Gen.Select(Gen.Int[1, 3], Gen.Int[0, 3], Gen.Bool, Gen.Int[0, 40], Gen.Int[1, 20], Gen.Int[1, 4]).Select((lanes, faults, isMeasured, perRow, memory, load) => new SimulatedPlan
    {
        Lanes = lanes,
        DeviceCores = 2,
        Latency = LatencyCurve.Linear(TimeSpan.FromMilliseconds(1), TimeSpan.FromTicks(1000 * perRow)),
        Jitter = 0.3,
        IsMeasured = isMeasured,
        FailureRate = 0.05 * faults,
        HangRate = 0.01 * faults,
        StuckRate = 0.002 * faults,
        MemoryRows = memory,
        MinConcurrency = load,
        Slowdowns = { (TimeSpan.FromMilliseconds(100), 3) },
    });

    private static readonly Gen<SimulatedTraffic> _traffic = Gen.Select(Gen.Int[0, 3], Gen.Int[1, 20], Gen.Int[0, 2], Gen.Int[0, 3], Gen.Int[1, 4], Gen.Int[0, 1], Gen.Int[0, 3], Gen.Bool).Select((pattern, size, priority, keys, rows, shape, deadline, cancels) =>
        (pattern switch
        {
            0 => SimulatedTraffic.Poisson(200 * size),
            1 => SimulatedTraffic.ClosedLoop(size, TimeSpan.FromMicroseconds(50)),
            2 => SimulatedTraffic.Burst(size, TimeSpan.FromMilliseconds(5)),
            _ => SimulatedTraffic.Trace([.. Enumerable.Range(0, 10 * size).Select(i => TimeSpan.FromMilliseconds(i / 3))]),
        }) with
        {
            Priority = (RequestPriority)priority,
            OrderKeys = keys,
            MaxRows = rows,
            ShapeClass = shape,
            Deadline = deadline == 0 ? null : TimeSpan.FromMilliseconds(4 * deadline),
            CancelRate = cancels ? 0.3 : 0,
            PoisonRate = 0.02,
        });

    [TestMethod]
    public void Run_AnyScenario_EveryRequestEndsExactlyOnce() =>
        Gen.Select(_plan.Array[1, 2], _traffic.Array[1, 3], Gen.Int[1, 1000], Gen.Enum<BatchWait>()).Sample((plans, traffic, seed, wait) =>
        {
            var options = new SimulationOptions
            {
                Requests = 600,
                Seed = seed,
                Engine = { RunTimeout = TimeSpan.FromMilliseconds(50), AbortTimeout = TimeSpan.FromMilliseconds(20), MaxQueueLength = 40 },
                Model = { BatchWait = wait },
            };
            foreach (var plan in plans) options.Plans.Add(plan);
            foreach (var kind in traffic) options.Traffic.Add(kind);

            var result = SchedulingSimulation.Run(options);

            Assert.AreEqual(0, result.Total.Lost);
            Assert.AreEqual(0, result.Total.EndedTwice);
            Assert.AreEqual(result.Total.Submitted, result.Traffic.Sum(kind => kind.Submitted));
            Assert.IsTrue(result.Plans.All(plan => plan.Utilization is >= 0 and <= 1));
        }, iter: 300);
}
