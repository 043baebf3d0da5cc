namespace EdgeAI.Samples.Voice;

/// <summary>When a run of probabilities counts as speech.</summary>
internal sealed record SegmentationOptions
{
    /// <summary>Speech begins at this probability, 0 to 1.</summary>
    public float Threshold { get; init; } = 0.5f;

    /// <summary>Once begun, speech may be over when the probability falls below this; lower than <see cref="Threshold"/>, so that it does not flutter.</summary>
    public float Hysteresis { get; init; } = 0.35f;

    /// <summary>Shorter speech is dropped.</summary>
    public TimeSpan MinimumSpeech { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Shorter silence does not end speech.</summary>
    public TimeSpan MinimumSilence { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Added before and after each segment; neighbours share a gap that is too short for both.</summary>
    public TimeSpan Padding { get; init; } = TimeSpan.FromMilliseconds(30);
}
