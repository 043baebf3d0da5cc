using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>An operator between two values.</summary>
internal sealed class BinaryExpression(string name, JinjaExpression left, JinjaExpression right) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        rendering.Charge(1);
        return PythonOperators.Binary(rendering, name, left.Evaluate(rendering, scope), right.Evaluate(rendering, scope));
    }
}
