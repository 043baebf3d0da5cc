using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>Removes combining marks. Meant to follow a decomposition.</summary>
internal sealed class StripAccentsNormalizer : INormalizer
{
    private static bool IsMark(Rune rune) => Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark;

    public string Normalize(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (!IsMark(rune)) result.Append(rune);
        }

        return result.ToString();
    }
}
