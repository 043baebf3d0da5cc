using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Tells the fast processors of a hybrid CPU from its frugal ones.</summary>
internal static class CoreKinds
{
    // Identification register (Arm ARM, MIDR_EL1): implementer in bits 24-31, part in bits 4-15; the rest are revisions of one design.
    private const long DesignMask = 0xFF00FFF0;

    /// <summary>The frugal processors; <see langword="null"/> where all are alike or nothing tells.</summary>
    public static IndexSet? FindEfficient(SystemTree tree, Processors processors) =>
        FromKernelFolders(tree, processors) ?? FromDesigns(tree, processors) ?? FromBaseFrequency(processors) ?? FromCapacity(processors);

    // Kernels with hybrid performance counters say it outright.
    private static IndexSet? FromKernelFolders(SystemTree tree, Processors processors) =>
        tree.ReadSet("sys/devices/cpu_core/cpus") is not null && tree.ReadSet("sys/devices/cpu_atom/cpus") is { } efficient ? processors.Online.And(efficient) : null;

    // Arm: each kind of core is a design of its own. How strong each is, capacity or frequency tells; values vary within a design, so its best counts.
    private static IndexSet? FromDesigns(SystemTree tree, Processors processors)
    {
        var fromCpuInfo = ReadDesigns(tree);
        var designs = processors.Online
            .Select(p => (Processor: p, Design: processors.ReadNumber(p, "regs/identification/midr_el1") is { } midr ? midr & DesignMask : fromCpuInfo.GetValueOrDefault(p, -1)))
            .GroupBy(p => p.Design)
            .Select(g => (Members: g.Select(p => p.Processor).ToArray(), Strength: g.Max(p => Strength(processors, p.Processor)), Known: g.Key >= 0))
            .ToArray();
        if (designs.Length < 2 || !designs.All(d => d.Known && d.Strength > 0)) return null;
        var weakest = designs.Min(d => d.Strength);
        return weakest < designs.Max(d => d.Strength) ? new(designs.Where(d => d.Strength == weakest).SelectMany(d => d.Members)) : null;
    }

    // x86: turbo frequencies vary among like cores, the base frequency does not.
    private static IndexSet? FromBaseFrequency(Processors processors) => Lower(processors, p => processors.ReadNumber(p, "cpufreq/base_frequency"));

    private static IndexSet? FromCapacity(Processors processors) => Lower(processors, p => processors.ReadNumber(p, "cpu_capacity"));

    /// <summary>Those nearer to the least value than to the greatest; <see langword="null"/> where values are unknown or within a tenth of each other.</summary>
    private static IndexSet? Lower(Processors processors, Func<int, long?> read)
    {
        var values = processors.Online.Select(p => (Processor: p, Value: read(p))).ToArray();
        if (values.Length == 0 || values.Any(v => v.Value is null or <= 0)) return null;
        var least = values.Min(v => v.Value!.Value);
        var greatest = values.Max(v => v.Value!.Value);
        return least * 10 > greatest * 9 ? null : new(values.Where(v => v.Value - least < greatest - v.Value).Select(v => v.Processor));
    }

    private static long Strength(Processors processors, int processor) =>
        processors.ReadNumber(processor, "cpu_capacity") ?? processors.ReadNumber(processor, "cpufreq/cpuinfo_max_freq") ?? 0;

    /// <summary>The same register by the fields of <c>/proc/cpuinfo</c>, for kernels that do not show it.</summary>
    private static Dictionary<int, long> ReadDesigns(SystemTree tree)
    {
        Dictionary<int, long> designs = [];
        var processor = -1;
        long implementer = -1;
        foreach (var line in tree.ReadLines("proc/cpuinfo"))
        {
            if (line.Split(':', 2, StringSplitOptions.TrimEntries) is not [var name, var value]) continue;
            if (name == "processor" && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) processor = number;
            else if (name == "CPU implementer") implementer = ParseHex(value);
            else if (name == "CPU part" && processor >= 0 && implementer >= 0 && ParseHex(value) is var part and >= 0) designs[processor] = (implementer << 24) | (part << 4);
        }

        return designs;
    }

    private static long ParseHex(string value) =>
        value.StartsWith("0x", StringComparison.Ordinal) && uint.TryParse(value.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
