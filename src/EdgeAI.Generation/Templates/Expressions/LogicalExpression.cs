using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary><c>and</c> and <c>or</c>, which give the operand that decides.</summary>
internal sealed class LogicalExpression(bool isAnd, JinjaExpression left, JinjaExpression right) : JinjaExpression
{
    public override object? Evaluate(Rendering rendering, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        var first = left.Evaluate(rendering, scope);
        return PythonOperators.IsTrue(first) == isAnd ? right.Evaluate(rendering, scope) : first;
    }
}
