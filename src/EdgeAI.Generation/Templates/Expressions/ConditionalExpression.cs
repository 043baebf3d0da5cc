namespace EdgeAI.Generation;

/// <summary><c>a if condition else b</c>.</summary>
internal sealed class ConditionalExpression(JinjaExpression condition, JinjaExpression then, JinjaExpression? otherwise) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope) =>
        PythonOperators.IsTrue(condition.Evaluate(rendering, scope)) ? then.Evaluate(rendering, scope) : otherwise is null ? new Undefined("the value of an 'if' without 'else'") : otherwise.Evaluate(rendering, scope);
}
