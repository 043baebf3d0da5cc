using System.Text;

namespace EdgeAI.Generation;

/// <summary>Splits at characters of a kind.</summary>
internal sealed class CharacterPreTokenizer(Func<Rune, bool> isDelimiter, SplitBehavior behavior) : IPreTokenizer
{
    public static CharacterPreTokenizer AtWhiteSpace { get; } = new(Rune.IsWhiteSpace, SplitBehavior.Removed);

    public static CharacterPreTokenizer AtPunctuation(SplitBehavior behavior) => new(IsPunctuation, behavior);

    public static CharacterPreTokenizer AtDigits(bool individually) => new(Rune.IsNumber, individually ? SplitBehavior.Isolated : SplitBehavior.Contiguous);

    public static CharacterPreTokenizer At(int character) => new(rune => rune.Value == character, SplitBehavior.Removed);

    public void Split(PreToken part, List<PreToken> output)
    {
        var delimiters = new List<Range>();
        var offset = 0;
        foreach (var rune in part.Text.EnumerateRunes())
        {
            if (isDelimiter(rune)) delimiters.Add(offset..(offset + rune.Utf16SequenceLength));
            offset += rune.Utf16SequenceLength;
        }

        Splitter.Split(part, delimiters, behavior, inverts: false, output);
    }

    // ASCII's symbols count as punctuation, as BERT has it.
    private static bool IsPunctuation(Rune rune) => Rune.IsPunctuation(rune) || (rune.IsAscii && Rune.IsSymbol(rune));
}
