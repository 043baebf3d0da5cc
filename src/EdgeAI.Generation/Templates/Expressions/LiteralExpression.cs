namespace EdgeAI.Generation;

/// <summary>A value as it stands.</summary>
internal sealed class LiteralExpression(object? value) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope) => value;
}
