namespace EdgeAI.Evaluation;

/// <summary>What was measured at one point. Immutable.</summary>
/// <param name="Probe">The probe.</param>
/// <param name="Point">The point.</param>
/// <param name="Typical">Seconds a run, where other work on the machine does not disturb it.</param>
/// <param name="Median">Seconds of the middle window's runs.</param>
/// <param name="Best">Seconds of the quickest window's runs.</param>
/// <param name="IsSettled">Whether the last windows agreed.</param>
internal sealed record ProbeFigure(Probe Probe, ProbePoint Point, double Typical, double Median, double Best, bool IsSettled);
