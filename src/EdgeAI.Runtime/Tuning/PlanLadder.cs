using EdgeAI.Profiling;

namespace EdgeAI.Tuning;

/// <summary>
/// Which plan serves from how many requests in flight on. One request alone is answered soonest by all cores together; many may be served better by
/// lanes side by side. Pure.
/// </summary>
internal static class PlanLadder
{
    private const int MostPlans = 3;

    // A change of plan costs idle cores while the old plan's runs end.
    private const double WorthChanging = 1.03;

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

            if (isLast) return steps;
        }
    }

    private static LanePlan Best(SweepResult result, int clients, LanePlan? current)
    {
        if (clients == 1) return result.Curves.MinBy(curves => curves.Alone.Predict(1))!.Plan;
        var best = result.Curves.MaxBy(curves => PlanChoice.RowsPerSecond(curves, clients))!;
        if (current is null) return best.Plan;
        var now = PlanChoice.RowsPerSecond(result.Curves.Single(curves => curves.Plan == current), clients);
        return PlanChoice.RowsPerSecond(best, clients) > WorthChanging * now ? best.Plan : current;
    }

    /// <summary>One plan of the ladder.</summary>
    /// <param name="Plan">Lanes and threads.</param>
    /// <param name="MaxBatch">The largest useful batch.</param>
    /// <param name="MinConcurrency">From how many requests in flight on it serves.</param>
    /// <param name="Curves">What was measured of it.</param>
    internal sealed record Step(LanePlan Plan, int MaxBatch, int MinConcurrency, PlanCurves Curves);
}
