namespace EdgeAI.Generation;

/// <summary>A dictionary of values.</summary>
internal sealed class MapExpression(IReadOnlyList<(JinjaExpression Key, JinjaExpression Value)> items) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        rendering.Charge(1 + items.Count);
        var map = new PythonMap();
        foreach (var (key, value) in items) map.Set(key.Evaluate(rendering, scope), value.Evaluate(rendering, scope));
        return map;
    }
}
