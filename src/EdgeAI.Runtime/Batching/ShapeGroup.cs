namespace EdgeAI.Batching;

/// <summary>
/// Requests that cost the same and may share a run: equal shapes beside the batch axis, equal inputs that are shared, the same outputs. Compared by
/// reference. What runs of it cost is known for each group of lanes.
/// </summary>
/// <param name="layout">How its tensors are stacked; <see langword="null"/> where its requests run singly.</param>
internal sealed class ShapeGroup(BatchLayout? layout)
{
    private RunCosts? _latest;
    private Dictionary<object, RunCosts>? _costs;

    public BatchLayout? Layout { get; } = layout;

    /// <summary>Whether requests of it may share a run at all.</summary>
    public bool IsStackable => Layout is not null;

    /// <summary>What its runs cost there. Under the scheduler's lock.</summary>
    /// <param name="lanes">The group of lanes; compared by reference.</param>
    public RunCosts CostsOn(object lanes)
    {
        if (_latest is { } latest && latest.Lanes == lanes) return latest;
        // By key, without a closure: a decision among many devices asks for each, and must not allocate.
        _costs ??= new(ReferenceEqualityComparer.Instance);
        if (!_costs.TryGetValue(lanes, out var costs)) _costs[lanes] = costs = new RunCosts(lanes);
        return _latest = costs;
    }
}
