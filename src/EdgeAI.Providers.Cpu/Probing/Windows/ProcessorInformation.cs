using System.Buffers.Binary;
using System.Numerics;

namespace EdgeAI.Providers.Cpu.Probing.Windows;

/// <summary>
/// Reads the records of <c>SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX</c>, 64-bit layout (winnt.h). A processor's number is its group times 64 plus its place in the group.
/// Damaged or unknown records are skipped.
/// </summary>
internal static class ProcessorInformation
{
    private const int GroupSize = 64;

    // Each record: relationship (4 bytes), its own length (4), then what belongs to the relationship.
    private const int HeaderLength = 8;
    private const int AffinityLength = 16;

    private const int RelationProcessorCore = 0, RelationNumaNode = 1, RelationCache = 2, RelationProcessorPackage = 3, RelationNumaNodeEx = 6;

    /// <summary>The part of the machine that has usable processors; <see langword="null"/> where there is no core in the answer.</summary>
    /// <param name="answer">The records.</param>
    /// <param name="affinity">The process's mask, which counts where all processors are in one group.</param>
    public static CpuTopology? Parse(ReadOnlySpan<byte> answer, ulong? affinity)
    {
        List<(IndexSet Processors, int Efficiency)> cores = [];
        List<(int Id, IndexSet Processors)> nodes = [];
        List<(int Level, CpuCacheKind Kind, long Size, int? Line, IndexSet Processors)> caches = [];
        List<IndexSet> packages = [];
        for (var at = 0; at + HeaderLength <= answer.Length;)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(answer[(at + 4)..]);
            if (length < HeaderLength || length > answer.Length - at) break;
            var body = answer.Slice(at + HeaderLength, length - HeaderLength);
            switch (BinaryPrimitives.ReadInt32LittleEndian(answer[at..]))
            {
                case RelationProcessorCore when body.Length >= 24:
                    cores.Add((ReadProcessors(body, 22), body[1]));
                    break;
                case RelationNumaNode or RelationNumaNodeEx when body.Length >= 24:
                    nodes.Add((BinaryPrimitives.ReadInt32LittleEndian(body), ReadProcessors(body, 22)));
                    break;
                case RelationCache when body.Length >= 32 && ParseKind(BinaryPrimitives.ReadInt32LittleEndian(body[8..])) is { } kind:
                    caches.Add((body[0], kind, BinaryPrimitives.ReadUInt32LittleEndian(body[4..]), BinaryPrimitives.ReadUInt16LittleEndian(body[2..]) is > 0 and var line ? line : null, ReadProcessors(body, 30)));
                    break;
                case RelationProcessorPackage when body.Length >= 24:
                    packages.Add(ReadProcessors(body, 22));
                    break;
            }

            at += length;
        }

        return cores.Count == 0 ? null : Describe(cores, nodes, caches, packages, affinity);
    }

    private static CpuTopology? Describe(
        List<(IndexSet Processors, int Efficiency)> cores,
        List<(int Id, IndexSet Processors)> nodes,
        List<(int Level, CpuCacheKind Kind, long Size, int? Line, IndexSet Processors)> caches,
        List<IndexSet> packages,
        ulong? affinity)
    {
        var usable = new IndexSet(cores.SelectMany(core => core.Processors));
        if (affinity is > 0 and var mask && usable.All(processor => processor < GroupSize)) usable = usable.And(new(FromMask(mask, group: 0)));
        var kept = cores.Where(core => core.Processors.Overlaps(usable)).Select(core => (Processors: core.Processors.And(usable), core.Efficiency)).OrderBy(core => core.Processors.Min).ToArray();
        if (kept.Length == 0) return null;

        // Higher classes are faster and less frugal.
        var fastest = kept.Max(core => core.Efficiency);
        var efficient = kept.Where(core => core.Efficiency < fastest).ToArray();
        var isHybrid = efficient.Length > 0;
        return new CpuTopology(
            Math.Max(1, packages.Count(package => package.Overlaps(usable))),
            Math.Max(1, nodes.DistinctBy(node => node.Id).Count()),
            kept.Length,
            isHybrid ? kept.Length - efficient.Length : null,
            isHybrid ? efficient.Length : null,
            usable.Count)
        {
            ThreadsPerCore = kept.Max(core => core.Processors.Count),
            CoreProcessors = [.. kept.Select(core => core.Processors.ToArray())],
            PerformanceProcessors = isHybrid ? [.. kept.Where(core => core.Efficiency == fastest).SelectMany(core => core.Processors).Order()] : [],
            EfficiencyProcessors = [.. efficient.SelectMany(core => core.Processors).Order()],
            Caches =
            [
                .. caches.Where(cache => cache.Processors.Overlaps(usable)).GroupBy(cache => (cache.Level, cache.Kind, cache.Size, cache.Line))
                    .OrderBy(alike => alike.Key.Level).ThenBy(alike => alike.Key.Kind).ThenByDescending(alike => alike.Key.Size)
                    .Select(alike => new CpuCache(alike.Key.Level, alike.Key.Kind, alike.Key.Size, alike.Key.Line, [.. alike.Select(cache => cache.Processors.And(usable)).OrderBy(sharing => sharing.Min).Select(sharing => sharing.ToArray())])),
            ],
            Nodes = [.. nodes.GroupBy(node => node.Id).OrderBy(node => node.Key).Select(node => new NumaNode(node.Key, [.. new IndexSet(node.SelectMany(part => part.Processors)).And(usable)], null, []))],
        };
    }

    /// <summary>The masks at the end of a record, one for each group. Windows before 10 20H2 wrote one and left their number zero.</summary>
    private static IndexSet ReadProcessors(ReadOnlySpan<byte> body, int countAt)
    {
        var count = Math.Max((int)BinaryPrimitives.ReadUInt16LittleEndian(body[countAt..]), 1);
        List<int> processors = [];
        for (var i = 0; i < count; i++)
        {
            var at = countAt + 2 + (i * AffinityLength);
            if (at + AffinityLength > body.Length) break;
            processors.AddRange(FromMask(BinaryPrimitives.ReadUInt64LittleEndian(body[at..]), BinaryPrimitives.ReadUInt16LittleEndian(body[(at + 8)..])));
        }

        return new(processors);
    }

    private static IEnumerable<int> FromMask(ulong mask, int group)
    {
        for (; mask != 0; mask &= mask - 1) yield return (group * GroupSize) + BitOperations.TrailingZeroCount(mask);
    }

    private static CpuCacheKind? ParseKind(int type) => type switch { 0 => CpuCacheKind.Unified, 1 => CpuCacheKind.Instruction, 2 => CpuCacheKind.Data, _ => null };
}
