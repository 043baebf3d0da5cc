namespace EdgeAI.Profiling;

/// <summary>How runs compare with a curve since it was measured.</summary>
/// <param name="Runs">How many there were.</param>
/// <param name="Scale">The factor from the curve to what they take now.</param>
internal readonly record struct Pace(long Runs, double Scale);
