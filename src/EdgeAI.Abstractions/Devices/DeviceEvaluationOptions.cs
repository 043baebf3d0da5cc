namespace EdgeAI;

/// <summary>What to measure on a device. Immutable.</summary>
public sealed record DeviceEvaluationOptions
{
    /// <summary>Whether to load the device for a minute more, which gives <see cref="DeviceProfile.SustainedRatio"/>. Default: <see langword="false"/>.</summary>
    public bool Sustained { get; init; }

    /// <summary>Whether to measure although there is a profile. Default: <see langword="false"/>.</summary>
    public bool Refresh { get; init; }

    /// <summary>Told what is measured next, in a few words; <see langword="null"/> (default): nobody is.</summary>
    public IProgress<string>? Progress { get; init; }
}
