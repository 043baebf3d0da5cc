namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>
/// The energy that the packages have used, by their running average power limit zones. Only root may read it since kernel 5.10, and containers
/// hide it: unknown is the normal answer. Source: Documentation/power/powercap/powercap.rst of the Linux kernel.
/// </summary>
internal sealed class PackagePower
{
    public const string Folder = "sys/class/powercap";

    private readonly SystemTree _tree;
    private readonly (string Path, long Range)[] _zones;
    private long[]? _before;

    public PackagePower(SystemTree tree)
    {
        _tree = tree;
        var packages = tree.ReadNumbered(Folder, "intel-rapl:").Select(n => $"{Folder}/intel-rapl:{n}").Where(zone => tree.ReadText($"{zone}/name")?.StartsWith("package", StringComparison.Ordinal) == true).ToArray();
        _zones = [.. packages.Select(zone => (zone, tree.ReadNumber($"{zone}/max_energy_range_uj") ?? 0))];
        LimitWatts = SumLimits(packages);
    }

    /// <summary>What the packages together may draw for long; <see langword="null"/> where unknown.</summary>
    public double? LimitWatts { get; }

    /// <summary>The mean since the last call; <see langword="null"/> at the first one and where it may not be read.</summary>
    public double? ReadWatts(TimeSpan? sinceLast)
    {
        if (_zones.Length == 0) return null;
        var now = new long[_zones.Length];
        for (var i = 0; i < now.Length; i++)
        {
            if (_tree.ReadNumber($"{_zones[i].Path}/energy_uj") is not { } energy) return null;
            now[i] = energy;
        }

        var before = _before;
        _before = now;
        if (before is null || sinceLast is not { TotalSeconds: > 0 } time) return null;
        double joules = 0;
        for (var i = 0; i < now.Length; i++)
        {
            // The counter starts again at zero after its range: every minute or so of full load.
            var used = now[i] - before[i];
            if (used < 0) used += _zones[i].Range;
            if (used < 0) return null;
            joules += used / 1e6;
        }

        return joules / time.TotalSeconds;
    }

    private double? SumLimits(string[] packages)
    {
        double? sum = null;
        foreach (var zone in packages)
        {
            for (var i = 0; i < 4; i++)
            {
                if (_tree.ReadText($"{zone}/constraint_{i}_name") != "long_term") continue;
                if (_tree.ReadNumber($"{zone}/constraint_{i}_power_limit_uw") is > 0 and var microwatts) sum = (sum ?? 0) + (microwatts / 1e6);
            }
        }

        return sum;
    }
}
