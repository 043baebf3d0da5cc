namespace EdgeAI.Generation;

/// <summary>What a template sees as <c>loop</c>.</summary>
internal sealed class LoopState(List<object?> items)
{
    private object? _lastSeen;
    private bool _hasSeen;

    public int Index { get; set; }

    public object? Member(string name) => name switch
    {
        "index" => Index + 1L,
        "index0" => (long)Index,
        "revindex" => (long)(items.Count - Index),
        "revindex0" => items.Count - Index - 1L,
        "first" => Index == 0,
        "last" => Index == items.Count - 1,
        "length" => (long)items.Count,
        "previtem" => Index > 0 ? items[Index - 1] : new Undefined("loop.previtem"),
        "nextitem" => Index + 1 < items.Count ? items[Index + 1] : new Undefined("loop.nextitem"),
        "depth" => 1L,
        "depth0" => 0L,
        "cycle" => new JinjaFunction("loop.cycle", (_, arguments) => arguments.Positional.Count > 0 ? arguments.Positional[Index % arguments.Positional.Count] : new Undefined("loop.cycle")),
        "changed" => new JinjaFunction("loop.changed", (_, arguments) => HasChanged(new PythonTuple(arguments.Positional))),
        _ => new Undefined($"loop.{name}"),
    };

    private bool HasChanged(PythonTuple values)
    {
        if (_hasSeen && PythonEquality.AreEqual(_lastSeen, values)) return false;
        (_lastSeen, _hasSeen) = (values, true);
        return true;
    }
}
