namespace EdgeAI.Profiling;

/// <summary>What was measured of one plan.</summary>
/// <param name="Plan">The lanes and their threads.</param>
/// <param name="Alone">The duration of a batch when only one lane is busy.</param>
/// <param name="Crowded">The duration of a batch when every lane is busy with one of the same size.</param>
internal sealed record PlanCurves(LanePlan Plan, LatencyCurve Alone, LatencyCurve Crowded);
