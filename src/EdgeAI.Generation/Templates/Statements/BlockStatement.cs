using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>Statements in a row.</summary>
internal sealed class BlockStatement(IReadOnlyList<JinjaStatement> statements) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        foreach (var statement in statements)
        {
            rendering.Charge(1);
            if (statement.Execute(rendering, scope) is var flow && flow != JinjaFlow.Next) return flow;
        }

        return JinjaFlow.Next;
    }
}
