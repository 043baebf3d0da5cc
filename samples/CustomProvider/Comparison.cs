namespace EdgeAI.Samples.CustomProvider;

/// <summary>One digit, read by two devices.</summary>
internal sealed record Comparison(PaintedDigit Painted, Reading Cpu, Reading Neuromorphic)
{
    /// <summary>The largest difference of a probability.</summary>
    public float Difference { get; } = Cpu.Probabilities.Zip(Neuromorphic.Probabilities, (a, b) => Math.Abs(a - b)).Max();
}
