namespace EdgeAI.Samples.Quickstart;

/// <summary>What the engine read.</summary>
/// <param name="Digit">The digit, 0 to 9.</param>
/// <param name="Confidence">Its probability, 0 to 1.</param>
internal readonly record struct Reading(int Digit, float Confidence);
