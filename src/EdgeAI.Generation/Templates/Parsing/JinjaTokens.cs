namespace EdgeAI.Generation;

/// <summary>The pieces of a template, read one after the other.</summary>
internal sealed class JinjaTokens(List<JinjaToken> tokens)
{
    private int _at;

    public JinjaToken Current => tokens[_at];

    public JinjaToken Following => tokens[Math.Min(_at + 1, tokens.Count - 1)];

    public JinjaToken Take() => tokens[_at < tokens.Count - 1 ? _at++ : _at];

    public bool TryTake(JinjaTokenKind kind, string text)
    {
        if (!Current.Is(kind, text)) return false;
        Take();
        return true;
    }

    public bool TryTakeOperator(string text) => TryTake(JinjaTokenKind.Operator, text);

    public bool TryTakeName(string text) => TryTake(JinjaTokenKind.Name, text);

    public void ExpectOperator(string text)
    {
        if (!TryTakeOperator(text)) throw Error($"expected '{text}' instead of {Current}");
    }

    public void ExpectName(string text)
    {
        if (!TryTakeName(text)) throw Error($"expected '{text}' instead of {Current}");
    }

    public string TakeName() => Current.Kind == JinjaTokenKind.Name ? Take().Text : throw Error($"expected a name instead of {Current}");

    public void Expect(JinjaTokenKind kind)
    {
        if (Current.Kind != kind) throw Error($"unexpected {Current}");
        Take();
    }

    public ChatTemplateException Error(string problem) => new($"The chat template is malformed in line {Current.Line}: {problem}.");

    public ChatTemplateException Unsupported(string what) => new($"The chat template uses {what} in line {Current.Line}, which is not supported.");
}
