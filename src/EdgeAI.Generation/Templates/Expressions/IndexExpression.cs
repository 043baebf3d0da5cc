namespace EdgeAI.Generation;

/// <summary><c>a[key]</c>: an element, else a method or member of that name.</summary>
internal sealed class IndexExpression(JinjaExpression target, JinjaExpression key) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        rendering.Charge(1);
        return MemberAccess.Element(target.Evaluate(rendering, scope), key.Evaluate(rendering, scope));
    }
}
