namespace EdgeAI.Profiling;

/// <summary>Chooses a plan from what was measured. Pure.</summary>
internal static class PlanChoice
{
    /// <summary>Differences up to this are noise: what is this close to the best counts as equal to it.</summary>
    public const double Noise = 0.03;

    // Whoever asks for throughput alone gives up less of it for latency: only what even careful measuring cannot tell apart.
    private const double ThroughputNoise = 0.01;

    // What a run costs beside the session: taking requests, stacking them, answering and waking their callers. About 10 us were seen with 16 callers on two
    // cores. Models of tens of microseconds are served by far larger batches than the session alone would make worth while.
    public const long HandOverTicks = 100;

    /// <summary>
    /// The plan and largest batch for a goal. With <paramref name="concurrency"/>, no more than that many rows are ever in flight; otherwise there are always enough.
    /// <list type="bullet">
    /// <item>Throughput: the most rows per second; plans within 1 % of it are decided by the latency of a single row.</item>
    /// <item>Balanced: of the plans within 3 % of the most rows per second the one with the lowest latency of a single row, with the smallest batch that comes
    /// within 3 % of what that plan reaches.</item>
    /// <item>Latency: the lowest latency of a single row, ties to more lanes; with a concurrency the lowest mean latency, which is clients divided by
    /// throughput (Little's law). The batch is the largest that answers its rows no later, on average, than running them one after the other.</item>
    /// </list>
    /// </summary>
    public static SweepResult Choose(IReadOnlyList<PlanCurves> curves, ServingGoal goal, int? concurrency = null)
    {
        ArgumentOutOfRangeException.ThrowIfZero(curves.Count, nameof(curves));
        var plan = goal == ServingGoal.Latency && concurrency is null or 1 ? Quickest(curves) : MostRows(curves, goal, concurrency);
        return new SweepResult(plan.Plan, MaxBatch(plan, goal, concurrency), curves);
    }

    /// <summary>The largest batch that serves the goal on a plan.</summary>
    public static int MaxBatch(PlanCurves curves, ServingGoal goal, int? concurrency = null)
    {
        var sizes = Sizes(curves, concurrency);
        if (goal == ServingGoal.Latency)
        {
            var single = curves.Crowded.Predict(1);
            return sizes.Last(rows => rows == sizes[0] || curves.Crowded.Predict(rows) <= (rows + 1) / 2.0 * single);
        }

        var best = RowsPerSecond(curves, concurrency);
        return goal == ServingGoal.Throughput
            ? sizes.MaxBy(rows => RowsPerSecond(curves, rows, concurrency))
            : sizes.First(rows => RowsPerSecond(curves, rows, concurrency) >= (1 - Noise) * best);
    }

    /// <summary>The most rows per second that a plan reaches, with at most <paramref name="clients"/> rows in flight.</summary>
    public static double RowsPerSecond(PlanCurves curves, int? clients = null) => Sizes(curves, clients).Max(rows => RowsPerSecond(curves, rows, clients));

    /// <summary>Rows per second with batches of <paramref name="rows"/>. The pace of a few busy lanes lies between that of one and that of all.</summary>
    public static double RowsPerSecond(PlanCurves curves, int rows, int? clients)
    {
        var lanes = curves.Plan.Lanes;
        var busy = Math.Clamp((clients ?? int.MaxValue) / rows, 1, lanes);
        var (alone, crowded) = (curves.Alone.Predict(rows), curves.Crowded.Predict(rows));
        var ticks = lanes == 1 ? crowded : alone + ((crowded - alone) * (busy - 1) / (lanes - 1));
        return rows * busy * TimeSpan.TicksPerSecond / (ticks + HandOverTicks);
    }

    private static PlanCurves Quickest(IReadOnlyList<PlanCurves> curves)
    {
        var best = curves.Min(plan => plan.Alone.Predict(1));
        return curves.Where(plan => plan.Alone.Predict(1) <= (1 + Noise) * best).MaxBy(plan => plan.Plan.Lanes)!;
    }

    private static PlanCurves MostRows(IReadOnlyList<PlanCurves> curves, ServingGoal goal, int? concurrency)
    {
        var best = curves.Max(plan => RowsPerSecond(plan, concurrency));
        var noise = goal == ServingGoal.Throughput ? ThroughputNoise : Noise;
        var equal = curves.Where(plan => RowsPerSecond(plan, concurrency) >= (1 - noise) * best).ToArray();
        return goal == ServingGoal.Latency ? equal.MaxBy(plan => plan.Plan.Lanes)! : equal.MinBy(plan => plan.Alone.Predict(1))!;
    }

    /// <summary>The batch sizes to consider, ascending: those that were measured with every lane busy, and an even share of the clients.</summary>
    public static List<int> Sizes(PlanCurves curves, int? clients)
    {
        var limit = Math.Max(1, clients ?? int.MaxValue);
        var sizes = curves.Crowded.Points.Select(point => point.Rows).Where(rows => rows <= limit && !SteppedSizes.IsProbe(rows, curves.Crowded.LargestRows)).ToList();
        var share = Math.Clamp(limit / curves.Plan.Lanes, 1, curves.Crowded.LargestRows);
        if (clients is not null || sizes.Count == 0) sizes.Add(share);
        return [.. sizes.Distinct().Order()];
    }
}
