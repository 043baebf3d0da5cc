using System.Text;

namespace EdgeAI.Generation;

/// <summary>Replaces what a pattern finds.</summary>
internal sealed class ReplaceNormalizer(TokenPattern pattern, string replacement) : INormalizer
{
    public string Normalize(string text)
    {
        var matches = pattern.Find(text);
        if (matches.Count == 0) return text;
        var result = new StringBuilder(text.Length);
        var end = 0;
        foreach (var match in matches)
        {
            result.Append(text.AsSpan(end, match.Start.Value - end)).Append(replacement);
            end = match.End.Value;
        }

        return result.Append(text.AsSpan(end)).ToString();
    }
}
