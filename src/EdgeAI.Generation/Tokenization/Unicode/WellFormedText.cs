using System.Text;

namespace EdgeAI.Generation;

/// <summary>UTF-16 without lone surrogates, so that every later step may take characters for granted.</summary>
internal static class WellFormedText
{
    /// <summary>The text, with U+FFFD for each lone surrogate.</summary>
    public static string From(string text)
    {
        var first = FirstLoneSurrogate(text, 0);
        if (first < 0) return text;
        var units = text.ToCharArray();
        for (; first >= 0; first = FirstLoneSurrogate(text, first + 1)) units[first] = (char)Rune.ReplacementChar.Value;
        return new string(units);
    }

    private static int FirstLoneSurrogate(string text, int from)
    {
        for (var i = from; i < text.Length; i++)
        {
            var next = text.AsSpan(i).IndexOfAnyInRange('\uD800', '\uDFFF');
            if (next < 0) return -1;
            i += next;
            if (i + 1 >= text.Length || !char.IsSurrogatePair(text[i], text[i + 1])) return i;
            i++;
        }

        return -1;
    }
}
