namespace EdgeAI.Generation;

/// <summary>Replaces a text that is looked for as it is.</summary>
internal sealed class LiteralReplaceNormalizer(string literal, string replacement) : INormalizer
{
    public string Normalize(string text) => literal.Length == 0 ? text : text.Replace(literal, replacement, StringComparison.Ordinal);
}
