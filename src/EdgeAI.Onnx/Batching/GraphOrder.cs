using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Orders nodes so that each comes after those whose outputs it uses.</summary>
internal static class GraphOrder
{
    /// <summary>The order; <see langword="null"/> where nodes depend on each other in a circle.</summary>
    /// <remarks>A. B. Kahn, Topological sorting of large networks, 1962. Values that subgraphs use count like inputs.</remarks>
    public static IReadOnlyList<OnnxNode>? Sort(ImmutableArray<OnnxNode> nodes)
    {
        var producers = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var index = 0; index < nodes.Length; index++)
        {
            foreach (var output in nodes[index].Outputs) producers.TryAdd(output, index);
        }

        producers.Remove("");
        var open = new int[nodes.Length];
        var consumers = new List<int>?[nodes.Length];
        for (var index = 0; index < nodes.Length; index++)
        {
            foreach (var name in UsedBy(nodes[index]))
            {
                if (!producers.TryGetValue(name, out var producer)) continue;
                (consumers[producer] ??= []).Add(index);
                open[index]++;
            }
        }

        var ready = new PriorityQueue<int, int>(Enumerable.Range(0, nodes.Length).Where(index => open[index] == 0).Select(index => (index, index)));
        var sorted = new List<OnnxNode>(nodes.Length);
        while (ready.TryDequeue(out var index, out _))
        {
            sorted.Add(nodes[index]);
            foreach (var consumer in consumers[index] ?? [])
            {
                if (--open[consumer] == 0) ready.Enqueue(consumer, consumer);
            }
        }

        return sorted.Count == nodes.Length ? sorted : null;
    }

    /// <summary>The values that a node uses, those used inside its subgraphs included.</summary>
    public static IEnumerable<string> UsedBy(OnnxNode node) =>
        node.Inputs.Concat(NodeWalk.Flatten(node.Subgraphs.SelectMany(graph => graph.Nodes)).SelectMany(inner => inner.Inputs.Concat(inner.Subgraphs.SelectMany(Results))))
            .Concat(node.Subgraphs.SelectMany(Results));

    private static IEnumerable<string> Results(OnnxGraph graph) => graph.Outputs.Select(output => output.Name);
}
