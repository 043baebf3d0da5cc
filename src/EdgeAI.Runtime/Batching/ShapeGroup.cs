namespace EdgeAI.Batching;

/// <summary>
/// Requests that cost the same and may share a run: equal shapes beside the batch axis, equal inputs that are shared, the same outputs. Compared by
/// reference. What runs of it cost is known for each group of lanes.
/// </summary>
/// <param name="layout">How its tensors are stacked; <see langword="null"/> where its requests run singly.</param>
internal sealed class ShapeGroup(BatchLayout? layout)
{
    // Looking through so many costs less than is gained.
    private const int Few = 8;

    private RunCosts? _latest;
    private Dictionary<object, RunCosts>? _costs;

    public BatchLayout? Layout { get; } = layout;

    /// <summary>Whether requests of it may share a run at all.</summary>
    public bool IsStackable => Layout is not null;

    /// <summary>Whether a run has answered in the lengths that the model declares; it need not have declared any. Set once by any lane, never unset.</summary>
    public bool OutputsAreAsDeclared { get; set; }

    /// <summary>What its runs cost there. Under the scheduler's lock.</summary>
    public RunCosts CostsOn(IRunLanes lanes)
    {
        if (_latest is { } latest && latest.Lanes == lanes) return latest;
        return _latest = FindOrAdd(lanes);
    }

    private RunCosts FindOrAdd(IRunLanes lanes)
    {
        // By key, without a closure: a decision among many devices asks for each, and must not allocate.
        _costs ??= new(ReferenceEqualityComparer.Instance);
        var isKnown = _costs.TryGetValue(lanes, out var found);
        if (!isKnown || _costs.Count <= Few) ForgetRetired(_costs);
        return isKnown ? found! : _costs[lanes] = new RunCosts(lanes);
    }

    private static void ForgetRetired(Dictionary<object, RunCosts> costs)
    {
        foreach (var (lanes, known) in costs)
        {
            if (known.Lanes.IsRetired) costs.Remove(lanes);
        }
    }
}
