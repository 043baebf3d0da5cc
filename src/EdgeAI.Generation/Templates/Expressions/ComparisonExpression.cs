namespace EdgeAI.Generation;

/// <summary>Comparisons in a row, all of which must hold: <c>a &lt; b &lt; c</c>.</summary>
internal sealed class ComparisonExpression(JinjaExpression first, IReadOnlyList<(string Operator, JinjaExpression Operand)> rest) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        var left = first.Evaluate(rendering, scope);
        foreach (var (name, operand) in rest)
        {
            rendering.Charge(1);
            var right = operand.Evaluate(rendering, scope);
            rendering.Charge(Size(left) + Size(right));
            if (!PythonOperators.Compare(name, left, right)) return false;
            left = right;
        }

        return true;
    }

    // Looking for something takes time by the length of where it is looked for.
    private static double Size(object? value) => value switch
    {
        string text => text.Length / 16.0,
        List<object?> list => list.Count,
        _ => 0,
    };
}
