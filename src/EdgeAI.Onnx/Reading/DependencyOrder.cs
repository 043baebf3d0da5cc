namespace EdgeAI.Onnx;

/// <summary>Which nodes must run before which; finds circles without recursion.</summary>
internal sealed class DependencyOrder(int count)
{
    private readonly List<(int Producer, int Consumer)> _edges = [];
    private bool _isSorted = true;

    public void Add(int producer, int consumer)
    {
        if (producer == ValueScope.NoNode) return;
        _edges.Add((producer, consumer));
        _isSorted &= producer < consumer;
    }

    /// <summary>A node that depends on itself; <see langword="null"/> where there is none.</summary>
    /// <remarks>A. B. Kahn, Topological sorting of large networks, 1962: what is left when nodes without open dependencies are taken away holds a circle.</remarks>
    public int? FindCycle()
    {
        if (_isSorted) return null;
        var open = new int[count];
        foreach (var (_, consumer) in _edges) open[consumer]++;
        var consumers = _edges.ToLookup(edge => edge.Producer, edge => edge.Consumer);
        var ready = new Queue<int>(Enumerable.Range(0, count).Where(node => open[node] == 0));
        while (ready.TryDequeue(out var node))
        {
            foreach (var consumer in consumers[node])
            {
                if (--open[consumer] == 0) ready.Enqueue(consumer);
            }
        }

        var left = Array.FindIndex(open, n => n > 0);
        return left < 0 ? null : left;
    }
}
