namespace EdgeAI.Generation;

/// <summary><c>a is test(..)</c> and <c>a is not test(..)</c>.</summary>
internal sealed class TestExpression(JinjaExpression target, string name, JinjaTest test, CallArguments arguments, bool isNegated) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        rendering.Charge(1);
        return test(target.Evaluate(rendering, scope), arguments.Evaluate(name, rendering, scope)) != isNegated;
    }
}
