using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>How busy the usable processors are, whoever uses them. Source: proc_stat(5).</summary>
internal sealed class CpuLoad(SystemTree tree, Processors processors)
{
    private (long Idle, long Total)? _before;

    /// <summary>The busy share of their time since the last call, 0 to 1; <see langword="null"/> at the first one and where unknown.</summary>
    public double? Read()
    {
        long idle = 0, total = 0;
        foreach (var line in tree.ReadLines("proc/stat"))
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields is not [var name, _, _, _, _, ..] || !name.StartsWith("cpu", StringComparison.Ordinal)) continue;
            if (!int.TryParse(name.AsSpan(3), NumberStyles.None, CultureInfo.InvariantCulture, out var processor) || !processors.Usable.Contains(processor)) continue;

            // user nice system idle iowait irq softirq steal; what follows is contained in user and nice.
            for (var i = 1; i < Math.Min(fields.Length, 9); i++)
            {
                if (!long.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)) return null;
                total += ticks;
                if (i is 4 or 5) idle += ticks;
            }
        }

        var before = _before;
        _before = (idle, total);
        var passed = total - before?.Total;
        return passed > 0 ? Math.Clamp(1 - ((idle - before!.Value.Idle) / (double)passed.Value), 0, 1) : null;
    }
}
