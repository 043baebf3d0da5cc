using EdgeAI.Configuration;

namespace EdgeAI.Profiling;

/// <summary>How many requests run at once on a device, and with how many threads each.</summary>
internal sealed record LanePlan(int Lanes, int Threads)
{
    /// <summary>What the settings ask for; otherwise one lane with all of the device's parallelism, which answers a single request fastest.</summary>
    public static LanePlan For(DeviceInfo device, ModelSettings settings)
    {
        var lanes = settings.Lanes ?? 1;
        return new LanePlan(lanes, settings.ThreadsPerLane ?? Math.Max(1, (device.Parallelism ?? 1) / lanes));
    }
}
