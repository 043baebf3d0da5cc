using System.Text.RegularExpressions;

namespace EdgeAI.Generation;

/// <summary>A pattern of a tokenizer, which finds parts of texts. Thread-safe.</summary>
internal sealed class TokenPattern
{
    // Patterns come with untrusted models, and some take exponential time. A part of a text is found in microseconds, one of a megabyte in milliseconds.
    private static readonly TimeSpan _matchTimeout = TimeSpan.FromSeconds(2);

    private readonly Regex _regex;

    private TokenPattern(string translated)
    {
        _regex = new Regex(translated, RegexOptions.CultureInvariant | RegexOptions.Compiled, _matchTimeout);
    }

    /// <summary>What GPT-2 splits texts by, used by byte-level tokenizers unless they say otherwise.</summary>
    public static TokenPattern Gpt2 { get; } = FromExpression(@"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+");

    /// <summary>Words, and runs of what is neither word nor space.</summary>
    public static TokenPattern Words { get; } = FromExpression(@"[\w\u200C\u200D]+|[^\w\s\u200C\u200D]+");

    /// <summary>Takes a regular expression of Oniguruma.</summary>
    /// <exception cref="FormatException">The pattern is malformed or not supported: says why.</exception>
    public static TokenPattern FromExpression(string expression)
    {
        try
        {
            return new TokenPattern(PatternTranslator.Translate(expression));
        }
        catch (RegexParseException exception)
        {
            throw new FormatException(exception.Message, exception);
        }
    }

    /// <summary>Takes a text that is looked for as it is.</summary>
    public static TokenPattern FromLiteral(string literal) => FromExpression(string.Concat(literal.Select(character => char.IsAsciiLetterOrDigit(character) || !char.IsAscii(character) ? character.ToString() : $"\\x{(int)character:X2}")));

    /// <summary>Finds the parts that match, in order and without overlap.</summary>
    /// <exception cref="InvalidInputException">The pattern takes too long on this text.</exception>
    public List<Range> Find(string text)
    {
        var view = PatternText.From(text);
        var matches = new List<Range>();
        try
        {
            foreach (var match in _regex.EnumerateMatches(view.Text)) matches.Add(view.OffsetOf(match.Index)..view.OffsetOf(match.Index + match.Length));
        }
        catch (RegexMatchTimeoutException)
        {
            throw new InvalidInputException([$"The tokenizer's pattern takes longer than {_matchTimeout.TotalSeconds} seconds on this text: the pattern is not fit for it."]);
        }

        return matches;
    }
}
