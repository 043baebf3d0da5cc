namespace EdgeAI.Samples.Quickstart;

/// <summary>A painted digit and what the engine read.</summary>
internal sealed record Answer(PaintedDigit Painted, Reading Reading)
{
    public bool IsCorrect => Reading.Digit == Painted.Digit;
}
