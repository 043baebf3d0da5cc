namespace EdgeAI.Generation;

/// <summary><c>a.name</c>: a method or member, else an element of that name.</summary>
internal sealed class MemberExpression(JinjaExpression target, string name) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope) => MemberAccess.Attribute(target.Evaluate(rendering, scope), name);
}
