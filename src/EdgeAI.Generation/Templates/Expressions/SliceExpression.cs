namespace EdgeAI.Generation;

/// <summary><c>a[from:to:step]</c> of a list or string, counted from the end where negative.</summary>
internal sealed class SliceExpression(JinjaExpression target, JinjaExpression? from, JinjaExpression? to, JinjaExpression? step) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        var value = target.Evaluate(rendering, scope);
        var items = value switch
        {
            string text => PythonString.Characters(text),
            List<object?> list => list,
            _ => throw new ChatTemplateException($"The chat template takes a slice of {PythonText.TypeOf(value)}."),
        };
        var sliced = Slice(items, Bound(from, rendering, scope), Bound(to, rendering, scope), Bound(step, rendering, scope) ?? 1);
        rendering.Charge(sliced.Count);
        return value switch
        {
            string => string.Concat(sliced),
            PythonTuple => new PythonTuple(sliced),
            _ => sliced,
        };
    }

    private static List<object?> Slice(List<object?> items, long? from, long? to, long step)
    {
        if (step == 0) throw new ChatTemplateException("The chat template takes a slice with a step of zero.");
        var (lowest, highest) = step > 0 ? (0, items.Count) : (-1, items.Count - 1);
        var start = from is { } first ? Clamp(first, items.Count, lowest, highest) : step > 0 ? lowest : highest;
        var end = to is { } last ? Clamp(last, items.Count, lowest, highest) : step > 0 ? highest : lowest;
        var result = new List<object?>();
        for (var at = start; step > 0 ? at < end : at > end; at += Math.Clamp(step, -int.MaxValue, int.MaxValue)) result.Add(items[(int)at]);
        return result;
    }

    private static long Clamp(long place, int count, int lowest, int highest) => Math.Clamp(place < 0 ? place + count : place, lowest, highest);

    private static long? Bound(JinjaExpression? bound, Rendering rendering, Scope scope) => bound?.Evaluate(rendering, scope) switch
    {
        null => null,
        long number => number,
        bool truth => truth ? 1 : 0,
        var other => throw new ChatTemplateException($"The chat template takes a slice with {PythonText.TypeOf(other)} as bound."),
    };
}
