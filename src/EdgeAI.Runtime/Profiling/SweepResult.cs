namespace EdgeAI.Profiling;

/// <summary>The plan that measuring chose, and what it rests on.</summary>
/// <param name="Plan">The plan to serve with.</param>
/// <param name="MaxBatch">The largest batch that serves the goal, 1 or more.</param>
/// <param name="Curves">What was measured of every plan.</param>
internal sealed record SweepResult(LanePlan Plan, int MaxBatch, IReadOnlyList<PlanCurves> Curves);
