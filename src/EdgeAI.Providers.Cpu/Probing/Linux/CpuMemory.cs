using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>Memory that the process may use: the machine's or its allowed nodes', within the limits of its control groups.</summary>
internal sealed class CpuMemory
{
    private const long Unlimited = 1L << 60;

    private readonly SystemTree _tree;
    private readonly string[] _unified;
    private readonly string[] _legacy;

    public CpuMemory(SystemTree tree, ControlGroups groups, NumaNodes nodes)
    {
        _tree = tree;
        _unified = [.. groups.Unified()];
        _legacy = [.. groups.Legacy("memory")];
        var machine = ReadKilobytes("MemTotal");
        var total = nodes.IsRestricted || machine is null ? nodes.MemoryBytes ?? machine : machine;
        var limits = Limits().Select(l => l.Limit).ToArray();
        TotalBytes = Least(total, limits.Select(l => (long?)l));

        // What is not below the machine's own memory limits nothing: version 1 writes a number near the largest for "none".
        LimitBytes = limits.Where(l => l < (total ?? Unlimited)).Select(l => (long?)l).Min();
    }

    /// <summary>The tightest limit of the control groups in bytes; <see langword="null"/> where there is none.</summary>
    public long? LimitBytes { get; }

    /// <summary>Usable memory in bytes; <see langword="null"/> where unknown.</summary>
    public long? TotalBytes { get; }

    /// <summary>What is left of it now, in bytes; <see langword="null"/> where unknown. Page cache that can be dropped counts as free.</summary>
    public long? ReadFreeBytes() => Least(ReadKilobytes("MemAvailable"), Limits().Select(l => l.Limit - l.Used).Append(TotalBytes));

    private IEnumerable<(long Limit, long? Used)> Limits()
    {
        foreach (var folder in _unified)
        {
            if (_tree.ReadNumber($"{folder}/memory.max") is { } limit) yield return (limit, ReadUsed(folder, "memory.current", "inactive_file"));
        }

        foreach (var folder in _legacy)
        {
            if (_tree.ReadNumber($"{folder}/memory.limit_in_bytes") is { } limit) yield return (limit, ReadUsed(folder, "memory.usage_in_bytes", "total_inactive_file"));
        }
    }

    private long? ReadUsed(string folder, string usage, string droppable)
    {
        if (_tree.ReadNumber($"{folder}/{usage}") is not { } used) return null;
        foreach (var line in _tree.ReadLines($"{folder}/memory.stat"))
        {
            if (line.StartsWith(droppable + " ", StringComparison.Ordinal) && long.TryParse(line.AsSpan(droppable.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes)) return Math.Max(0, used - bytes);
        }

        return used;
    }

    private long? ReadKilobytes(string field) => ParseKilobytes(_tree.ReadField("proc/meminfo", field));

    /// <summary>Bytes of a value such as <c>280840 kB</c>.</summary>
    internal static long? ParseKilobytes(string? value) =>
        long.TryParse(value?.Split(' ', 2)[0], NumberStyles.None, CultureInfo.InvariantCulture, out var kilobytes) && kilobytes <= long.MaxValue / 1024 ? kilobytes * 1024 : null;

    // Limits bound a known amount only: a limit alone says nothing about how much there is.
    private static long? Least(long? amount, IEnumerable<long?> bounds) =>
        amount is null ? null : Math.Max(0, bounds.Where(b => b is not null).Select(b => b!.Value).Append(amount.Value).Min());
}
