using System.Collections.Immutable;

namespace EdgeAI.Evaluation;

/// <summary>How a probe went. Immutable.</summary>
/// <param name="Figures">What was measured.</param>
/// <param name="Problem">Why not all of it, as a clause; <see langword="null"/> where all was.</param>
internal sealed record ProbeOutcome(ImmutableArray<ProbeFigure> Figures, string? Problem);
