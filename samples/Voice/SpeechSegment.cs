namespace EdgeAI.Samples.Voice;

/// <summary>A stretch of speech.</summary>
/// <param name="Start">Where it begins, padding included.</param>
/// <param name="End">Where it ends, padding included.</param>
/// <param name="MeanProbability">The mean probability of speech without the padding.</param>
internal sealed record SpeechSegment(TimeSpan Start, TimeSpan End, float MeanProbability)
{
    public TimeSpan Duration => End - Start;
}
