namespace EdgeAI.Generation;

/// <summary>Text outside of tags.</summary>
internal sealed class TextStatement(string text) : JinjaStatement
{
    public override JinjaFlow Execute(Rendering rendering, Scope scope)
    {
        rendering.Write(text);
        return JinjaFlow.Next;
    }
}
