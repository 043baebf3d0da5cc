using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Processor time that a container may use.</summary>
internal static class CpuQuota
{
    /// <summary>The tightest quota of the process's group and all above it, in processors; <see langword="null"/> where there is none.</summary>
    public static double? Read(SystemTree tree, ControlGroups groups)
    {
        double? tightest = null;
        foreach (var folder in groups.Unified()) Tighten(ParseMax(tree.ReadText($"{folder}/cpu.max")));
        foreach (var folder in groups.Legacy("cpu")) Tighten(Ratio(tree.ReadNumber($"{folder}/cpu.cfs_quota_us"), tree.ReadNumber($"{folder}/cpu.cfs_period_us")));
        return tightest;

        void Tighten(double? quota)
        {
            if (quota is not null && !(quota >= tightest)) tightest = quota;
        }
    }

    // "max 100000" or "150000 100000": time per period.
    private static double? ParseMax(string? text)
    {
        var fields = text?.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields is [var quota, var period]
            && long.TryParse(quota, NumberStyles.None, CultureInfo.InvariantCulture, out var time)
            && long.TryParse(period, NumberStyles.None, CultureInfo.InvariantCulture, out var every)
            ? Ratio(time, every)
            : null;
    }

    private static double? Ratio(long? quota, long? period) => quota > 0 && period > 0 ? (double)quota / period : null;
}
