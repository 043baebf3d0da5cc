namespace EdgeAI.Generation;

/// <summary><c>{% call macro() %}..{% endcall %}</c>: the macro finds the body as <c>caller</c>.</summary>
internal sealed class CallStatement(CallExpression call, MacroStatement body) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        rendering.Write(PythonText.Of(call.Evaluate(rendering, scope, body.CreateFunction(scope))));
        return JinjaFlow.Next;
    }
}
