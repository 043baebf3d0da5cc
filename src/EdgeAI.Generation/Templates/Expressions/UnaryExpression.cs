using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary><c>not</c>, <c>-</c> and <c>+</c>.</summary>
internal sealed class UnaryExpression(string name, JinjaExpression operand) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var value = operand.Evaluate(rendering, scope);
        return name switch
        {
            "not" => !PythonOperators.IsTrue(value),
            "-" => PythonOperators.Negate(value),
            _ => PythonOperators.Negate(PythonOperators.Negate(value)),
        };
    }
}
