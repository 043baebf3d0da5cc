using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

/// <summary>
/// Which plan serves from how many requests in flight on. One request alone is answered soonest by all cores together; many may be served better by
/// lanes side by side. Pure.
/// </summary>
internal static class PlanLadder
{
    /// <summary>The <see cref="Step.MinConcurrency"/> of plans that serve only if they prove better under load.</summary>
    public const int Contender = int.MaxValue;

    private const int MostPlans = 3;

    // A change of plan costs idle cores while the old plan's runs end.
    private const double WorthChanging = 1.03;

    // What a request costs the processor beside its run, callers included: 17 us were seen with 16 of them on two cores.
    private const double RequestTicks = 170;

    /// <summary>The steps, ascending; the first serves from one request on.</summary>
    /// <param name="result">What was measured.</param>
    /// <param name="goal">What to choose for.</param>
    /// <param name="mayOpen">Whether a plan may be kept open beside the first ones.</param>
    public static IReadOnlyList<Step> Build(SweepResult result, ServingGoal goal, Func<LanePlan, bool> mayOpen)
    {
        var steps = new List<Step>();
        var most = result.Curves.Max(curves => curves.Plan.Lanes * curves.Crowded.LargestRows);
        for (var clients = 1; ; clients *= 2)
        {
            var isLast = clients >= Math.Max(2, most);
            var plan = Best(result, clients, steps.Count > 0 ? steps[^1].Plan : null);
            if (steps.Count == 0 || (plan != steps[^1].Plan && steps.Count < MostPlans && mayOpen(plan)))
            {
                var curves = result.Curves.Single(known => known.Plan == plan);
                steps.Add(new Step(plan, PlanChoice.MaxBatch(curves, goal), clients, curves));
            }

            if (isLast) break;
        }

        foreach (var curves in Contenders(result, steps, Math.Max(2, most)).Take(MostPlans - steps.Count))
        {
            if (mayOpen(curves.Plan)) steps.Add(new Step(curves.Plan, PlanChoice.MaxBatch(curves, goal), Contender, curves));
        }

        return steps;
    }

    private static LanePlan Best(SweepResult result, int clients, LanePlan? current)
    {
        if (clients == 1)
        {
            var quickest = result.Curves.Min(curves => curves.Alone.Predict(1));
            return result.Curves.Where(curves => curves.Alone.Predict(1) <= WorthChanging * quickest).MinBy(curves => CoresOf(curves.Plan))!.Plan;
        }

        var cores = result.Curves.Max(curves => CoresOf(curves.Plan));
        var best = result.Curves.MaxBy(curves => RowsPerSecond(curves, clients, cores))!;
        if (current is null) return best.Plan;
        var now = RowsPerSecond(result.Curves.Single(curves => curves.Plan == current), clients, cores);
        return RowsPerSecond(best, clients, cores) > WorthChanging * now ? best.Plan : current;
    }

    private static int CoresOf(LanePlan plan) => plan.Lanes * plan.Threads;

    /// <summary>
    /// What lanes can do, and not more than what all cores can do with the callers' own work: lanes that take every core from the callers wait for them.
    /// </summary>
    private static double RowsPerSecond(PlanCurves curves, int clients, int cores) => PlanChoice.Sizes(curves, clients).Max(rows => Math.Min(
        PlanChoice.RowsPerSecond(curves, rows, clients),
        cores * TimeSpan.TicksPerSecond / ((curves.Plan.Threads * curves.Crowded.Predict(rows) / rows) + RequestTicks)));

    /// <summary>
    /// Plans that may serve many requests better than the ladder's last one, since what a request costs its caller is only presumed: the scheduler finds out when the load is there.
    /// </summary>
    private static IEnumerable<PlanCurves> Contenders(SweepResult result, IReadOnlyList<Step> steps, int clients)
    {
        var cores = result.Curves.Max(curves => CoresOf(curves.Plan));
        var presumed = RowsPerSecond(steps[^1].Curves, clients, cores);
        return result.Curves.Where(curves => steps.All(step => step.Plan != curves.Plan) && PlanChoice.RowsPerSecond(curves, clients) > WorthChanging * presumed)
            .OrderByDescending(curves => PlanChoice.RowsPerSecond(curves, clients));
    }

    /// <summary>One plan of the ladder.</summary>
    /// <param name="Plan">Lanes and threads.</param>
    /// <param name="MaxBatch">The largest useful batch.</param>
    /// <param name="MinConcurrency">From how many requests in flight on it serves.</param>
    /// <param name="Curves">What was measured of it.</param>
    internal sealed record Step(LanePlan Plan, int MaxBatch, int MinConcurrency, PlanCurves Curves);
}
