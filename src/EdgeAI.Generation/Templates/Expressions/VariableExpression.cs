namespace EdgeAI.Generation;

/// <summary>The value of a variable.</summary>
internal sealed class VariableExpression(string name) : JinjaExpression
{
    public string Name => name;

    public override object? Evaluate(Rendering rendering, Scope scope) => scope.Get(name);
}
