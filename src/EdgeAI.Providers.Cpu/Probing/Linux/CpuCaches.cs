using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>The caches that usable processors have. Source: Documentation/ABI/testing/sysfs-devices-system-cpu of the Linux kernel.</summary>
internal static class CpuCaches
{
    public static IReadOnlyList<CpuCache> Read(SystemTree tree, Processors processors)
    {
        Dictionary<(int Level, CpuCacheKind Kind), HashSet<int>> covered = [];
        Dictionary<(int Level, CpuCacheKind Kind, long Size, int? Line), List<IndexSet>> instances = [];
        foreach (var processor in processors.Usable)
        {
            var parent = $"{Processors.Folder}/cpu{processor}/cache";
            foreach (var index in tree.ReadNumbered(parent, "index"))
            {
                var folder = $"{parent}/index{index}";
                if (tree.ReadNumber($"{folder}/level") is not (> 0 and < 16 and var level) || ParseKind(tree.ReadText($"{folder}/type")) is not { } kind) continue;

                // A shared cache shows in the folder of each of its processors: the first one's tells all.
                if (!covered.TryGetValue(((int)level, kind), out var seen)) covered[((int)level, kind)] = seen = [];
                if (seen.Contains(processor) || ParseSize(tree.ReadText($"{folder}/size")) is not { } size) continue;
                var sharing = (tree.ReadSet($"{folder}/shared_cpu_list") ?? new([processor])).And(processors.Usable);
                seen.UnionWith(sharing);
                var line = tree.ReadNumber($"{folder}/coherency_line_size") is > 0 and <= 4096 and var bytes ? (int?)bytes : null;
                var key = ((int)level, kind, size, line);
                if (!instances.TryGetValue(key, out var list)) instances[key] = list = [];
                list.Add(sharing);
            }
        }

        return
        [
            .. instances.OrderBy(entry => entry.Key.Level).ThenBy(entry => entry.Key.Kind).ThenByDescending(entry => entry.Key.Size)
                .Select(entry => new CpuCache(entry.Key.Level, entry.Key.Kind, entry.Key.Size, entry.Key.Line, [.. entry.Value.Select(sharing => sharing.ToArray())])),
        ];
    }

    private static CpuCacheKind? ParseKind(string? text) => text switch
    {
        "Data" => CpuCacheKind.Data,
        "Instruction" => CpuCacheKind.Instruction,
        "Unified" => CpuCacheKind.Unified,
        _ => null,
    };

    // "1280K": the kernel always counts in that unit, firmware tables of some boards in the next.
    private static long? ParseSize(string? text)
    {
        var shift = text is [.., 'K'] ? 10 : text is [.., 'M'] ? 20 : 0;
        return long.TryParse(shift > 0 ? text.AsSpan(0, text!.Length - 1) : text, NumberStyles.None, CultureInfo.InvariantCulture, out var amount) && amount is > 0 and < 1L << 40
            ? amount << shift
            : null;
    }
}
