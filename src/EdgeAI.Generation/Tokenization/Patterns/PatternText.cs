using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// A text as patterns see it: one UTF-16 unit a character. .NET's patterns know no characters beyond the basic plane, where a letter is two
/// surrogates; here a private-use character stands for each of them that tells its category, and <see cref="CharacterSet"/> knows these.
/// </summary>
internal readonly struct PatternText
{
    /// <summary>Stands for category 0 of <see cref="System.Globalization.UnicodeCategory"/>; the others follow.</summary>
    public const char FirstStandIn = '\uE000';

    /// <summary>Stands for Chinese characters beyond the basic plane.</summary>
    public const char HanStandIn = '\uE028';

    private const char LastStandIn = HanStandIn;

    // Private-use characters of the text itself must not be taken for stand-ins.
    private const char OtherPrivateUse = '\uF8FF';

    private readonly int[]? _offsets;

    private PatternText(string text, int[]? offsets)
    {
        Text = text;
        _offsets = offsets;
    }

    public string Text { get; }

    public static PatternText From(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\uD800', LastStandIn) < 0) return new PatternText(text, null);
        var units = new StringBuilder(text.Length);
        var offsets = new int[text.Length + 1];
        var offset = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            offsets[units.Length] = offset;
            units.Append(rune.IsBmp ? Unambiguous((char)rune.Value) : StandIn(rune));
            offset += rune.Utf16SequenceLength;
        }

        offsets[units.Length] = offset;
        return new PatternText(units.ToString(), offsets);
    }

    /// <summary>Where a place of <see cref="Text"/> is in the text itself.</summary>
    public int OffsetOf(int place) => _offsets is null ? place : _offsets[place];

    private static char Unambiguous(char unit) => unit is >= FirstStandIn and <= LastStandIn ? OtherPrivateUse : unit;

    // Scripts.txt of Unicode: the Han ranges beyond the basic plane.
    private static char StandIn(Rune rune) =>
        rune.Value is (>= 0x20000 and <= 0x323AF) or 0x16FE2 or 0x16FE3 or 0x16FF0 or 0x16FF1 && Rune.GetUnicodeCategory(rune) == System.Globalization.UnicodeCategory.OtherLetter
            ? HanStandIn
            : (char)(FirstStandIn + (int)Rune.GetUnicodeCategory(rune));
}
