namespace EdgeAI.Generation;

/// <summary><c>{{ value }}</c>.</summary>
internal sealed class OutputStatement(JinjaExpression value) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        rendering.Write(PythonText.Of(value.Evaluate(rendering, scope)));
        return JinjaFlow.Next;
    }
}
