namespace EdgeAI.Generation;

/// <summary><c>{% with %}</c>: variables for a body alone. <c>{% generation %}</c> is one without variables: it only marks what the model wrote.</summary>
internal sealed class ScopeStatement(IReadOnlyList<(AssignmentTarget Target, JinjaExpression Value)> variables, JinjaStatement body) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        var inner = new Scope(scope);
        foreach (var (target, value) in variables) target.Assign(inner, value.Evaluate(rendering, scope));
        return body.Execute(rendering, inner);
    }
}
