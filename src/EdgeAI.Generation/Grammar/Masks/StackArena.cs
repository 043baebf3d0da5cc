namespace EdgeAI.Generation;

/// <summary>
/// Stacks of returns that share what they have in common: a graph-structured stack (Tomita 1985). A node stands for one call of a rule at one place of the text
/// and links to everything that waits for it, so ambiguity nested k deep takes k nodes and not 2^k stacks. Nodes are only added, and dropped from the end;
/// <see cref="CompactWhereLarge"/> drops those that no thread reaches any more. Not thread-safe.
/// </summary>
internal sealed class StackArena
{
    /// <summary>The stack of the root: nothing waits for it.</summary>
    public const int Root = 0;

    /// <summary>A stack of which only the top is known.</summary>
    public const int Unknown = 1;

    private const int Reserved = 2;

    private const int SmallSize = 512;

    private int[] _firstLink = new int[256];
    private int[] _depth = new int[256];
    private int[] _cost = new int[256];
    private int[] _moved = new int[256];
    private Link[] _links = new Link[256];
    private Link[] _spare = new Link[256];
    private int _compactAt = SmallSize;

    public StackArena()
    {
        Reset();
    }

    public int NodeCount { get; private set; }

    public int LinkCount { get; private set; }

    public void Reset()
    {
        _firstLink[Root] = _firstLink[Unknown] = -1;
        _depth[Root] = _depth[Unknown] = 0;
        _cost[Root] = _cost[Unknown] = 0;
        NodeCount = Reserved;
        LinkCount = 0;
    }

    /// <summary>Drops what was added since.</summary>
    public void Truncate(int nodes, int links) => (NodeCount, LinkCount) = (nodes, links);

    public int Depth(int node) => _depth[node];

    /// <summary>So many tokens are enough to complete what waits for the node's call.</summary>
    public int Cost(int node) => _cost[node];

    public int AddNode(int depth)
    {
        if (NodeCount == _firstLink.Length)
        {
            Array.Resize(ref _firstLink, NodeCount * 2);
            Array.Resize(ref _depth, NodeCount * 2);
            Array.Resize(ref _cost, NodeCount * 2);
            Array.Resize(ref _moved, NodeCount * 2);
        }

        _firstLink[NodeCount] = -1;
        _depth[NodeCount] = depth;
        _cost[NodeCount] = CompletionCosts.Impossible;
        return NodeCount++;
    }

    /// <summary>Lets something wait for a node's call.</summary>
    /// <param name="node">The node.</param>
    /// <param name="next">The state that the call returns to.</param>
    /// <param name="parent">The stack below.</param>
    /// <param name="cost">So many tokens complete all that waits.</param>
    public void AddLink(int node, int next, int parent, int cost)
    {
        _cost[node] = Math.Min(_cost[node], cost);
        for (var link = _firstLink[node]; link >= 0; link = _links[link].Next)
        {
            if (_links[link].Return == next && _links[link].Parent == parent) return;
        }

        if (LinkCount == _links.Length)
        {
            Array.Resize(ref _links, LinkCount * 2);
            Array.Resize(ref _spare, LinkCount * 2);
        }

        _links[LinkCount] = new Link(next, parent, _firstLink[node]);
        _firstLink[node] = LinkCount++;
    }

    /// <summary>The first of a node's links; -1 for none.</summary>
    public int FirstLink(int node) => _firstLink[node];

    public Link this[int link] => _links[link];

    /// <summary>Keeps only what the threads reach, and renames their stacks; only now and then, so that a step costs the same on average.</summary>
    public void CompactWhereLarge(Span<ParseThread> threads)
    {
        if (Math.Max(NodeCount, LinkCount) < _compactAt) return;
        Compact(threads);
        _compactAt = Math.Max(SmallSize, 2 * Math.Max(NodeCount, LinkCount));
    }

    private void Compact(Span<ParseThread> threads)
    {
        var live = _moved.AsSpan(0, NodeCount);
        live.Clear();
        live[Root] = live[Unknown] = 1;
        foreach (var thread in threads) live[thread.Stack] = 1;

        // Parents are older than their children: one pass from the newest marks all.
        for (var node = NodeCount - 1; node >= Reserved; node--)
        {
            if (live[node] == 0) continue;
            for (var link = _firstLink[node]; link >= 0; link = _links[link].Next) live[_links[link].Parent] = 1;
        }

        var nodes = 0;
        var links = 0;
        for (var node = 0; node < NodeCount; node++)
        {
            if (live[node] == 0) continue;
            var first = -1;
            for (var link = _firstLink[node]; link >= 0;)
            {
                var old = _links[link];
                link = old.Next;
                _spare[links] = new Link(old.Return, live[old.Parent], first);
                first = links++;
            }

            _firstLink[nodes] = first;
            _depth[nodes] = _depth[node];
            _cost[nodes] = _cost[node];
            live[node] = nodes++;
        }

        (_links, _spare) = (_spare, _links);
        (NodeCount, LinkCount) = (nodes, links);
        foreach (ref var thread in threads) thread = thread with { Stack = live[thread.Stack] };
    }

    internal readonly record struct Link(int Return, int Parent, int Next);
}
