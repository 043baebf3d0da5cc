namespace EdgeAI.Generation;

/// <summary><c>{% if %}</c>, with its other branches.</summary>
internal sealed class IfStatement(IReadOnlyList<(JinjaExpression? Condition, JinjaStatement Body)> branches) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        foreach (var (condition, body) in branches)
        {
            if (condition is null || PythonOperators.IsTrue(condition.Evaluate(rendering, scope))) return body.Execute(rendering, scope);
        }

        return JinjaFlow.Next;
    }
}
