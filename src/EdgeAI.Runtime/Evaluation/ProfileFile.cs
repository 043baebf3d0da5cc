namespace EdgeAI.Evaluation;

/// <summary>How a <see cref="DeviceProfile"/> lies on disk.</summary>
internal sealed record ProfileFile(int Format, ProfileKey Key, DeviceProfile Profile)
{
    /// <summary>Raised when the meaning of a field changes, or what is measured.</summary>
    public const int CurrentFormat = 1;

    /// <summary>The profile, checked: a file may hold anything.</summary>
    /// <exception cref="ArgumentException">A value is missing or impossible.</exception>
    public DeviceProfile ToProfile()
    {
        var isSound = Profile is { Gemm: not null, Operators: not null, ReadRates: not null, Unstable: not null, Missing: not null, NodeOverheads: not null, Versions: not null, Threads: > 0 }
            && Profile.Gemm.All(rate => rate is { Rows: > 0 } && IsRate(rate.FlopsPerSecond))
            && Profile.Operators.All(rate => rate is { Operator: not null, Rows: > 0 } && double.IsFinite(rate.FlopsPerSecond) && rate.FlopsPerSecond >= 0 && IsRate(rate.BytesPerSecond))
            && Profile.ReadRates.All(rate => rate is { WorkingSetBytes: > 0 } && IsRate(rate.BytesPerSecond))
            && Profile.NodeOverheads.All(node => node is { Operator: not null } && node.Cost >= TimeSpan.Zero)
            && Profile.Unstable.Concat(Profile.Missing).All(text => text is not null)
            && new[] { Profile.ReadBandwidth, Profile.MedianReadBandwidth, Profile.TransferBandwidth }.All(rate => rate is null || IsRate(rate.Value))
            && new[] { Profile.RunOverhead, Profile.NodeOverhead, Profile.TransferOverhead }.All(cost => cost is null || cost >= TimeSpan.Zero)
            && Profile.SustainedRatio is null or (> 0 and <= 1)
            && Profile.ReadThreads is null or > 0;
        return isSound ? Profile! : throw new ArgumentException("A value is missing or impossible.");
    }

    private static bool IsRate(double value) => double.IsFinite(value) && value > 0;
}
