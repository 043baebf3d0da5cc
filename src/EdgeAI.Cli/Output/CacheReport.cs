namespace EdgeAI.Cli.Output;

/// <summary>Caches that are alike: how many there are, and the processors that share each.</summary>
internal sealed record CacheReport(int Level, string Kind, long SizeBytes, int? LineBytes, int Instances, IReadOnlyList<IReadOnlyList<int>> Processors)
{
    public static CacheReport From(CpuCache cache) => new(
        cache.Level,
        cache.Kind switch
        {
            CpuCacheKind.Data => "data",
            CpuCacheKind.Instruction => "instruction",
            _ => "unified",
        },
        cache.SizeBytes,
        cache.LineBytes,
        cache.Instances.Count,
        cache.Instances);
}
