namespace EdgeAI.Generation;

/// <summary><c>{% set a = value %}</c>.</summary>
internal sealed class SetStatement(AssignmentTarget target, JinjaExpression value) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        target.Assign(scope, value.Evaluate(rendering, scope));
        return JinjaFlow.Next;
    }
}
