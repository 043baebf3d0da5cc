using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary><c>a | filter(..)</c>.</summary>
internal sealed class FilterExpression(JinjaExpression target, string name, JinjaFilter filter, CallArguments arguments) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        rendering.Charge(1);
        return Apply(target.Evaluate(rendering, scope), rendering, scope);
    }

    public object? Apply(object? value, Rendering rendering, Scope scope) => filter(rendering, value, arguments.Evaluate(name, rendering, scope));
}
