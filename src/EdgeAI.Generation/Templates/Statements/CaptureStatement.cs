namespace EdgeAI.Generation;

/// <summary><c>{% set a %}..{% endset %}</c>, and <c>{% filter %}</c> where nothing is set: what the body writes, filtered.</summary>
internal sealed class CaptureStatement(AssignmentTarget? target, IReadOnlyList<FilterExpression> filters, JinjaStatement body) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        object? value = rendering.Capture(() => body.Execute(rendering, new Scope(scope)));
        foreach (var filter in filters) value = filter.Apply(value, rendering, scope);
        if (target is null) rendering.Write(PythonText.Of(value));
        else target.Assign(scope, value);
        return JinjaFlow.Next;
    }
}
