namespace EdgeAI;

/// <summary>The caches of a CPU that are alike. Immutable.</summary>
/// <param name="Level">1 for the one next to the core.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="SizeBytes">The size of one of them, in bytes.</param>
/// <param name="LineBytes">The length of its lines, in bytes; <see langword="null"/> where unknown.</param>
/// <param name="Instances">One entry for each cache: the usable processors that share it, ascending. Caches without a usable processor are left out.</param>
public sealed record CpuCache(int Level, CpuCacheKind Kind, long SizeBytes, int? LineBytes, IReadOnlyList<IReadOnlyList<int>> Instances);
