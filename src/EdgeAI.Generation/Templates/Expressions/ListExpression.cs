namespace EdgeAI.Generation;

/// <summary>A list or tuple of values.</summary>
internal sealed class ListExpression(IReadOnlyList<JinjaExpression> items, bool isTuple) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        rendering.Charge(1 + items.Count);
        var values = items.Select(item => item.Evaluate(rendering, scope));
        return isTuple ? new PythonTuple(values) : values.ToList();
    }
}
