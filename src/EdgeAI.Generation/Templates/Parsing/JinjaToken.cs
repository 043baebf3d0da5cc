namespace EdgeAI.Generation;

/// <summary>A piece of a template.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">Its text; that of a string without quotes and escapes.</param>
/// <param name="Line">Where it stands, from 1.</param>
internal readonly record struct JinjaToken(JinjaTokenKind Kind, string Text, int Line)
{
    public bool Is(JinjaTokenKind kind, string text) => Kind == kind && Text == text;

    public override string ToString() => Kind == JinjaTokenKind.End ? "the end of the template" : $"'{Text}'";
}
