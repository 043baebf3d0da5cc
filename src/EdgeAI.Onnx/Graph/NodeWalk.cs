namespace EdgeAI.Onnx;

/// <summary>Visits nodes and graphs with those nested inside them.</summary>
internal static class NodeWalk
{
    /// <summary>The nodes and all nodes in their subgraphs.</summary>
    public static IEnumerable<OnnxNode> Flatten(IEnumerable<OnnxNode> nodes)
    {
        var pending = new Stack<IEnumerator<OnnxNode>>();
        pending.Push(nodes.GetEnumerator());
        while (pending.TryPeek(out var current))
        {
            if (!current.MoveNext())
            {
                pending.Pop().Dispose();
                continue;
            }

            yield return current.Current;
            foreach (var graph in current.Current.Subgraphs) pending.Push(graph.Nodes.AsEnumerable().GetEnumerator());
        }
    }

    /// <summary>All nodes of a model, each function's body once.</summary>
    public static IEnumerable<OnnxNode> Flatten(OnnxModel model) =>
        Flatten(model.Graph.Nodes).Concat(model.Functions.SelectMany(function => Flatten(function.Nodes)));

    /// <summary>All graphs of a model.</summary>
    public static IEnumerable<OnnxGraph> Graphs(OnnxModel model) =>
        Flatten(model).SelectMany(node => node.Subgraphs).Prepend(model.Graph);
}
