using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing.Linux;

/// <summary>The memory nodes whose memory the process may use.</summary>
internal sealed class NumaNodes
{
    private const string Folder = "sys/devices/system/node";

    private readonly SystemTree _tree;
    private readonly IndexSet _online;

    public NumaNodes(SystemTree tree, IndexSet? allowed)
    {
        _tree = tree;
        var present = tree.ReadNumbered(Folder, "node");
        _online = present.And(tree.ReadSet($"{Folder}/online"));
        Usable = _online.And(allowed);
        if (Usable.Count == 0) Usable = _online;
        IsRestricted = Usable.Count < _online.Count;
        MemoryBytes = SumMemory();
    }

    /// <summary>Their numbers; empty on kernels without nodes.</summary>
    public IndexSet Usable { get; }

    /// <summary>How many they are: a machine without nodes is one node.</summary>
    public int Count => Math.Max(1, Usable.Count);

    /// <summary>Whether some nodes are off limits.</summary>
    public bool IsRestricted { get; }

    /// <summary>Their memory; <see langword="null"/> where unknown.</summary>
    public long? MemoryBytes { get; }

    /// <summary>The processors that belong to them.</summary>
    public IEnumerable<int> Processors => Usable.SelectMany(node => _tree.ReadSet($"{Folder}/node{node}/cpulist") ?? IndexSet.Empty);

    /// <summary>Each with those of its processors that are usable, and its distance to the others.</summary>
    public IReadOnlyList<NumaNode> Describe(IndexSet usableProcessors) =>
        [.. Usable.Select(node => new NumaNode(node, [.. (_tree.ReadSet($"{Folder}/node{node}/cpulist") ?? IndexSet.Empty).And(usableProcessors)], ReadMemory(node), ReadDistances(node)))];

    // One number for each node that is online, in their order.
    private int[] ReadDistances(int node)
    {
        var fields = _tree.ReadText($"{Folder}/node{node}/distance")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var online = _online.ToArray();
        if (fields.Length != online.Length) return [];
        var distances = new List<int>();
        for (var i = 0; i < fields.Length; i++)
        {
            if (!Usable.Contains(online[i])) continue;
            if (!int.TryParse(fields[i], NumberStyles.None, CultureInfo.InvariantCulture, out var distance)) return [];
            distances.Add(distance);
        }

        return [.. distances];
    }

    private long? SumMemory()
    {
        long? sum = null;
        foreach (var node in Usable)
        {
            if (ReadMemory(node) is { } bytes) sum = (sum ?? 0) + bytes;
        }

        return sum;
    }

    private long? ReadMemory(int node) =>
        CpuMemory.ParseKilobytes(_tree.ReadField($"{Folder}/node{node}/meminfo", string.Create(CultureInfo.InvariantCulture, $"Node {node} MemTotal")));
}
