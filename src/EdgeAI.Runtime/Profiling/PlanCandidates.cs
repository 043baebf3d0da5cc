using System.Numerics;
using EdgeAI.Configuration;

namespace EdgeAI.Profiling;

/// <summary>The ways to divide a device among lanes that are worth measuring.</summary>
internal static class PlanCandidates
{
    private const int Most = 8;

    /// <summary>
    /// From one lane with all of the device's parallelism to as many lanes as that allows, at most eight plans by ascending lanes, and before them one lane of one thread. What the settings fix
    /// is kept, also beyond the device's parallelism. A device without a parallelism gets the one plan that the settings ask for.
    /// </summary>
    public static IReadOnlyList<LanePlan> For(DeviceInfo device, ModelSettings settings)
    {
        var cores = Math.Max(1, device.Parallelism ?? 1);
        return (settings.Lanes, settings.ThreadsPerLane) switch
        {
            ({ } lanes, { } threads) => [new LanePlan(lanes, threads)],
            ({ } lanes, null) => [.. Thin([.. Shares(Math.Max(1, cores / lanes)).Select(threads => new LanePlan(lanes, threads))])],
            (null, { } threads) => [.. Thin([.. Shares(Math.Max(1, cores / threads)).Select(lanes => new LanePlan(lanes, threads))])],
            _ => [.. WithRoom(cores), .. Thin(Divisions(cores))],
        };
    }

    /// <summary>One thread that leaves the other cores to those who ask: the best for models so small that asking takes longer than answering.</summary>
    private static IEnumerable<LanePlan> WithRoom(int cores) => cores > 1 ? [new LanePlan(1, 1)] : [];

    /// <summary>Every core used: of plans with equally many threads only the one with the most lanes.</summary>
    private static List<LanePlan> Divisions(int cores) =>
        [.. Shares(cores).Select(lanes => new LanePlan(lanes, cores / lanes)).GroupBy(plan => plan.Threads).Select(equal => equal.MaxBy(plan => plan.Lanes)!)];

    /// <summary>The powers of two and the divisors up to <paramref name="count"/>, ascending.</summary>
    private static IEnumerable<int> Shares(int count) => Enumerable.Range(1, count).Where(share => count % share == 0 || BitOperations.IsPow2(share));

    /// <summary>Both ends and what lies evenly between.</summary>
    private static IEnumerable<LanePlan> Thin(List<LanePlan> plans) =>
        plans.Count <= Most ? plans : Enumerable.Range(0, Most).Select(index => plans[index * (plans.Count - 1) / (Most - 1)]);
}
