namespace EdgeAI.Generation;

/// <summary>A part of a template that has a value. Immutable and thread-safe.</summary>
internal abstract class JinjaExpression
{
    public abstract object? Evaluate(Rendering rendering, Scope scope);
}
