namespace EdgeAI.Generation;

/// <summary>A part of a template that does something. Immutable and thread-safe.</summary>
internal abstract class JinjaStatement
{
    public abstract JinjaFlow Execute(Rendering rendering, Scope scope);
}
