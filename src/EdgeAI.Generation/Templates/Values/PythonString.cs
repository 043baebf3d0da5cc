using System.Text;

namespace EdgeAI.Generation;

/// <summary>Strings as Python has them: sequences of code points.</summary>
internal static class PythonString
{
    /// <summary>Python's <c>str.isspace</c>, which counts four separators that .NET does not.</summary>
    public static bool IsSpace(char character) => char.IsWhiteSpace(character) || character is >= '\u001C' and <= '\u001F';

    public static string TrimStart(string text, string? characters)
    {
        var start = 0;
        while (start < text.Length && Trims(text[start], characters)) start++;
        return text[start..];
    }

    public static string TrimEnd(string text, string? characters)
    {
        var end = text.Length;
        while (end > 0 && Trims(text[end - 1], characters)) end--;
        return text[..end];
    }

    public static string Trim(string text, string? characters) => TrimEnd(TrimStart(text, characters), characters);

    public static int Length(string text) => HasPairs(text) ? text.EnumerateRunes().Count() : text.Length;

    /// <summary>One character, as a string.</summary>
    public static string CharacterAt(string text, int place) => HasPairs(text) ? text.EnumerateRunes().ElementAt(place).ToString() : text[place].ToString();

    /// <summary>The characters, each as a string.</summary>
    public static List<object?> Characters(string text)
    {
        var characters = new List<object?>(text.Length);
        foreach (var rune in text.EnumerateRunes()) characters.Add(rune.ToString());
        return characters;
    }

    /// <summary>Parts at white space, at most so many cuts; negative for all.</summary>
    public static List<object?> SplitAtSpace(string text, long cuts)
    {
        var parts = new List<object?>();
        var at = 0;
        while (true)
        {
            while (at < text.Length && IsSpace(text[at])) at++;
            if (at == text.Length) return parts;
            if (cuts >= 0 && parts.Count == cuts)
            {
                parts.Add(TrimEnd(text[at..], null));
                return parts;
            }

            var start = at;
            while (at < text.Length && !IsSpace(text[at])) at++;
            parts.Add(text[start..at]);
        }
    }

    public static List<object?> Split(string text, string separator, long cuts) => [.. cuts < 0 ? text.Split(separator, StringSplitOptions.None) : text.Split(separator, (int)Math.Min(int.MaxValue, cuts + 1), StringSplitOptions.None)];

    /// <summary>Parts, cut from the right.</summary>
    public static List<object?> SplitFromRight(string text, string separator, long cuts)
    {
        var parts = new List<object?>();
        while (cuts < 0 || parts.Count < cuts)
        {
            var at = text.LastIndexOf(separator, StringComparison.Ordinal);
            if (at < 0) break;
            parts.Add(text[(at + separator.Length)..]);
            text = text[..at];
        }

        parts.Add(text);
        parts.Reverse();
        return parts;
    }

    public static string Replace(string text, string old, string replacement, long count)
    {
        if (count < 0 && old.Length > 0) return text.Replace(old, replacement, StringComparison.Ordinal);
        var result = new StringBuilder();
        var at = 0;
        for (; count != 0 && at <= text.Length; count--)
        {
            var next = text.IndexOf(old, at, StringComparison.Ordinal);
            if (next < 0) break;
            if (old.Length == 0) next = at;
            result.Append(text.AsSpan(at, next - at)).Append(replacement);
            at = next + old.Length;
            if (old.Length > 0) continue;
            if (at == text.Length) return result.ToString();
            result.Append(text[at++]);
        }

        return at > text.Length ? result.ToString() : result.Append(text.AsSpan(at)).ToString();
    }

    /// <summary>The first letter of each word large, the others small.</summary>
    public static string Title(string text)
    {
        var result = new StringBuilder(text.Length);
        var isInWord = false;
        foreach (var character in text)
        {
            result.Append(isInWord ? char.ToLowerInvariant(character) : char.ToUpperInvariant(character));
            isInWord = char.IsLetter(character);
        }

        return result.ToString();
    }

    public static string Capitalize(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..].ToLowerInvariant();

    private static bool Trims(char character, string? characters) => characters is null ? IsSpace(character) : characters.Contains(character, StringComparison.Ordinal);

    private static bool HasPairs(string text) => text.AsSpan().IndexOfAnyInRange('\uD800', '\uDFFF') >= 0;
}
