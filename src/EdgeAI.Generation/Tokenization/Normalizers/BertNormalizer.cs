using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>What BERT does to a text (Devlin et al. 2018, <c>BasicTokenizer</c>): control characters go, Chinese characters stand alone, accents and case may go.</summary>
internal sealed class BertNormalizer(bool cleansText, bool separatesChinese, bool stripsAccents, bool lowercases) : INormalizer
{
    private static readonly LowercaseNormalizer _lowercase = new();

    public string Normalize(string text)
    {
        if (cleansText || separatesChinese) text = Rewrite(text);
        if (stripsAccents) text = WithoutNonSpacingMarks(UnicodeForms.Decompose(text, compatibility: false));
        return lowercases ? _lowercase.Normalize(text) : text;
    }

    private string Rewrite(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (cleansText && (rune.Value is 0 or 0xFFFD || IsControl(rune))) continue;
            if (cleansText && Rune.IsWhiteSpace(rune)) result.Append(' ');
            else if (separatesChinese && IsChinese(rune.Value)) result.Append(' ').Append(rune).Append(' ');
            else result.Append(rune);
        }

        return result.ToString();
    }

    private static string WithoutNonSpacingMarks(string text)
    {
        var result = new StringBuilder(text.Length);
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark) result.Append(rune);
        }

        return result.ToString();
    }

    private static bool IsControl(Rune rune) => rune.Value is not ('\t' or '\n' or '\r')
        && Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned;

    private static bool IsChinese(int value) => value is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
