using System.Globalization;

namespace EdgeAI.Providers.Cpu.Probing;

/// <summary>The memory nodes whose memory the process may use.</summary>
internal sealed class NumaNodes
{
    private const string Folder = "sys/devices/system/node";

    private readonly SystemTree _tree;

    public NumaNodes(SystemTree tree, IndexSet? allowed)
    {
        _tree = tree;
        var present = tree.ReadNumbered(Folder, "node");
        var online = present.And(tree.ReadSet($"{Folder}/online"));
        Usable = online.And(allowed);
        if (Usable.Count == 0) Usable = online;
        IsRestricted = Usable.Count < online.Count;
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

    private long? SumMemory()
    {
        long? sum = null;
        foreach (var node in Usable)
        {
            var label = string.Create(CultureInfo.InvariantCulture, $"Node {node} MemTotal");
            if (CpuMemory.ParseKilobytes(_tree.ReadField($"{Folder}/node{node}/meminfo", label)) is { } bytes) sum = (sum ?? 0) + bytes;
        }

        return sum;
    }
}
