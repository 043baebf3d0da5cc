namespace EdgeAI.Batching;

/// <summary>
/// Requests that cost the same and may share a run: equal shapes beside the batch axis, equal inputs that are shared, the same outputs. Compared by
/// reference. What runs of it cost is known for each group of lanes.
/// </summary>
/// <param name="layout">How its tensors are stacked; <see langword="null"/> where its requests run singly.</param>
internal sealed class ShapeGroup(BatchLayout? layout)
{
    private RunCosts? _latest;
    private List<RunCosts>? _costs;

    public BatchLayout? Layout { get; } = layout;

    /// <summary>Whether requests of it may share a run at all.</summary>
    public bool IsStackable => Layout is not null;

    /// <summary>What its runs cost there. Under the scheduler's lock.</summary>
    public RunCosts CostsOn(IRunLanes lanes)
    {
        if (_latest is { } latest && latest.Lanes == lanes) return latest;
        return _latest = FindOrAdd(lanes);
    }

    private RunCosts FindOrAdd(IRunLanes lanes)
    {
        _costs ??= [];
        RunCosts? found = null;
        for (var i = _costs.Count - 1; i >= 0; i--)
        {
            if (_costs[i].Lanes == lanes) found = _costs[i];
            else if (_costs[i].Lanes.IsRetired) _costs.RemoveAt(i);
        }

        if (found is null) _costs.Add(found = new RunCosts(lanes));
        return found;
    }
}
