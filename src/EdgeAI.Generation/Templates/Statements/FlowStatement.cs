namespace EdgeAI.Generation;

/// <summary><c>{% break %}</c> and <c>{% continue %}</c>.</summary>
internal sealed class FlowStatement(JinjaFlow flow) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope) => flow;
}
