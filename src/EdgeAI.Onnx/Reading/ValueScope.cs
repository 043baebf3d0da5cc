namespace EdgeAI.Onnx;

/// <summary>The values that the nodes of one graph see: its own, and those of the graphs around it.</summary>
internal sealed class ValueScope(ValueScope? outer)
{
    /// <summary>The producer of inputs and initializers.</summary>
    public const int NoNode = -1;

    private readonly Dictionary<string, int> _producers = new(StringComparer.Ordinal);

    /// <summary>Adds a value of this graph.</summary>
    /// <returns><see langword="false"/> where the graph has one of that name.</returns>
    public bool TryDefine(string name, int producer) => _producers.TryAdd(name, producer);

    /// <summary>Whether this graph itself has the value.</summary>
    public bool TryFind(string name, out int producer) => _producers.TryGetValue(name, out producer);

    /// <summary>Whether this graph or one around it has the value.</summary>
    public bool IsVisible(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._producers.ContainsKey(name)) return true;
        }

        return false;
    }

    private ValueScope? Outer { get; } = outer;
}
