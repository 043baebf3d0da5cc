namespace EdgeAI.Providers.Cpu.Probing.MacOS;

/// <summary>
/// A Mac's processors by the names of sysctl(3). The system tells how many there are of each kind and not which numbers they have (nothing can be bound there either):
/// they are numbered with the fast ones first.
/// </summary>
internal static class SysctlTopology
{
    /// <summary><see langword="null"/> where the processors are not told.</summary>
    public static CpuTopology? Read(IMacCalls calls)
    {
        // Level 0 is the fastest. Intel's Macs have none.
        List<(string Prefix, int Cores, int Logical)> levels = [];
        for (var level = 0; level < Math.Min(calls.ReadNumber("hw.nperflevels") ?? 0, 8); level++) Add($"hw.perflevel{level}.");
        if (levels.Count == 0) Add("hw.");
        if (levels.Count == 0) return null;

        List<int[]> cores = [];
        List<CpuCache> caches = [];
        var line = (int?)calls.ReadNumber("hw.cachelinesize");
        foreach (var (prefix, physical, logical) in levels)
        {
            var first = cores.Sum(core => core.Length);
            for (var i = 0; i < physical; i++) cores.Add([.. Enumerable.Range(first + (i * logical / physical), ((i + 1) * logical / physical) - (i * logical / physical))]);
            AddCaches(1, CpuCacheKind.Data, "l1dcachesize", logical / physical);
            AddCaches(1, CpuCacheKind.Instruction, "l1icachesize", logical / physical);
            AddCaches(2, CpuCacheKind.Unified, "l2cachesize", (int)(calls.ReadNumber(prefix + "cpusperl2") ?? (prefix == "hw." ? logical / physical : logical)));
            AddCaches(3, CpuCacheKind.Unified, "l3cachesize", (int)(calls.ReadNumber(prefix + "cpusperl3") ?? logical));

            void AddCaches(int level, CpuCacheKind kind, string name, int sharing)
            {
                if (calls.ReadNumber(prefix + name) is not (> 0 and var size) || sharing < 1) return;
                caches.Add(new CpuCache(level, kind, size, line, [.. Enumerable.Range(first, logical).Chunk(sharing)]));
            }
        }

        var fast = levels[0];
        var isHybrid = levels.Count > 1;
        var total = levels.Sum(level => level.Logical);
        return new CpuTopology(
            (int)Math.Clamp(calls.ReadNumber("hw.packages") ?? 1, 1, 64), 1, cores.Count, isHybrid ? fast.Cores : null, isHybrid ? cores.Count - fast.Cores : null, total)
        {
            ThreadsPerCore = cores.Max(core => core.Length),
            CoreProcessors = cores,
            PerformanceProcessors = isHybrid ? [.. Enumerable.Range(0, fast.Logical)] : [],
            EfficiencyProcessors = isHybrid ? [.. Enumerable.Range(fast.Logical, total - fast.Logical)] : [],
            Caches = [.. caches.OrderBy(cache => cache.Level).ThenBy(cache => cache.Kind).ThenByDescending(cache => cache.SizeBytes)],
        };

        void Add(string prefix)
        {
            if (calls.ReadNumber(prefix + "physicalcpu") is (> 0 and <= 4096 and var physical) && calls.ReadNumber(prefix + "logicalcpu") is (<= 4096 and var logical) && logical >= physical)
            {
                levels.Add((prefix, (int)physical, (int)logical));
            }
        }
    }
}
