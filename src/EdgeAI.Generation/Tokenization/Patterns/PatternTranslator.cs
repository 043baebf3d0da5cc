using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace EdgeAI.Generation;

/// <summary>
/// Writes a pattern of Oniguruma (the expressions of <c>tokenizer.json</c>; its doc/RE) as one of .NET's that means the same on a <see cref="PatternText"/>:
/// properties cover all planes, possessive quantifiers become atomic groups, ignoring case follows Unicode and not a culture, <c>^</c> and <c>$</c> are
/// borders of lines. What has no equal is refused by name.
/// </summary>
internal sealed class PatternTranslator
{
    private const int MaxDepth = 64;

    private readonly string _pattern;
    private readonly StringBuilder _output = new();
    private int _at;
    private int _depth;
    private bool _ignoresCase;

    private PatternTranslator(string pattern)
    {
        _pattern = pattern;
    }

    /// <summary>Translates.</summary>
    /// <exception cref="FormatException">The pattern is malformed, or uses what is not supported: named.</exception>
    public static string Translate(string pattern)
    {
        var translator = new PatternTranslator(pattern);
        translator.Alternatives();
        if (translator._at < pattern.Length) throw new FormatException("a closing parenthesis without an opening one");
        return translator._output.ToString();
    }

    private void Alternatives()
    {
        if (++_depth > MaxDepth) throw new FormatException($"groups nested deeper than {MaxDepth}");
        var ignoredCase = _ignoresCase;
        while (_at < _pattern.Length && _pattern[_at] != ')')
        {
            if (_pattern[_at] == '|')
            {
                _output.Append('|');
                _at++;
                continue;
            }

            var start = _output.Length;
            Atom();
            Quantifier(start);
        }

        _ignoresCase = ignoredCase;
        _depth--;
    }

    private void Atom()
    {
        var character = Next();
        switch (character)
        {
            case '(': Group(); break;
            case '[': _output.Append(Class()); break;
            case '.': _output.Append("[^\\n]"); break;
            case '^': _output.Append("(?m:^)"); break;
            case '$': _output.Append("(?m:$)"); break;
            case '\\': Escape(); break;
            case '*' or '+' or '?': throw new FormatException($"'{character}' with nothing to repeat");
            default: Literal(character); break;
        }
    }

    private void Group()
    {
        if (!TryTake("?"))
        {
            Enclose("(?:");
            return;
        }

        foreach (var kind in (ReadOnlySpan<string>)[":", "=", "!", "<=", "<!", ">"])
        {
            if (!TryTake(kind)) continue;
            Enclose("(?" + kind);
            return;
        }

        if (!TryTake("i")) throw new FormatException($"the group '(?{Rest(1)}'");
        var ignoredCase = _ignoresCase;
        _ignoresCase = true;
        if (TryTake(":"))
        {
            Enclose("(?:");
            _ignoresCase = ignoredCase;
        }
        else if (!TryTake(")"))
        {
            throw new FormatException($"the group '(?i{Rest(1)}'");
        }
    }

    private void Enclose(string opening)
    {
        _output.Append(opening);
        Alternatives();
        if (!TryTake(")")) throw new FormatException("an opening parenthesis without a closing one");
        _output.Append(')');
    }

    private void Literal(char character)
    {
        if (char.IsSurrogate(character)) throw new FormatException("a character beyond the basic plane in the pattern");
        if (character is >= PatternText.FirstStandIn and <= PatternText.HanStandIn) throw new FormatException("a private-use character in the pattern");
        if (!_ignoresCase || !IsCased(character))
        {
            _output.Append(Regex.Escape(character.ToString()));
            return;
        }

        var set = new CharacterSet();
        AddIgnoringCase(set, character);
        _output.Append(set);
    }

    private static bool IsCased(char character) => char.IsLetter(character);

    // Simple case folding of ASCII; the two characters besides are the long s and the Kelvin sign.
    private static void AddIgnoringCase(CharacterSet set, char character)
    {
        if (!char.IsAscii(character)) throw new FormatException($"'{character}' where case is ignored");
        set.Add(char.ToLowerInvariant(character));
        set.Add(char.ToUpperInvariant(character));
        if (character is 's' or 'S') set.Add('\u017F');
        if (character is 'k' or 'K') set.Add('\u212A');
    }

    private void Escape()
    {
        var character = Next();
        if (TryClass(character) is { } set)
        {
            if (_ignoresCase && set.DependsOnCase) throw new FormatException("a property of case where case is ignored");
            _output.Append(set);
            return;
        }

        switch (character)
        {
            case 'A' or 'z' or 'Z' or 'G': _output.Append('\\').Append(character); break;
            case 'b' or 'B': WordBorder(character == 'B'); break;
            default: Literal(Escaped(character)); break;
        }
    }

    // .NET's own border has another idea of what a word is.
    private void WordBorder(bool isNegated)
    {
        var word = CharacterSet.Word(isNegated: false).ToString();
        _output.Append(isNegated ? $"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))" : $"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))");
    }

    private CharacterSet? TryClass(char character) => character switch
    {
        's' or 'S' => CharacterSet.Whitespace(character == 'S'),
        'd' or 'D' => CharacterSet.Digits(character == 'D'),
        'w' or 'W' => CharacterSet.Word(character == 'W'),
        'p' or 'P' => Property(character == 'P'),
        _ => null,
    };

    private CharacterSet Property(bool isNegated)
    {
        if (!TryTake("{")) throw new FormatException("'\\p' without braces");
        if (TryTake("^")) isNegated = !isNegated;
        var end = _pattern.IndexOf('}', _at);
        if (end < 0) throw new FormatException("'\\p{' without a closing brace");
        var name = _pattern[_at..end];
        _at = end + 1;
        return CharacterSet.OfProperty(name, isNegated) ?? throw new FormatException($"the property '\\p{{{name}}}'");
    }

    private char Escaped(char character)
    {
        switch (character)
        {
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case 'f': return '\f';
            case 'v': return '\v';
            case 'a': return '\a';
            case 'e': return '\u001B';
            case 'u': return Hexadecimal(4, 4);
            case 'x' when TryTake("{"):
                var inBraces = Hexadecimal(1, 8);
                if (!TryTake("}")) throw new FormatException("'\\x{' without a closing brace");
                return inBraces;
            case 'x': return Hexadecimal(1, 2);
            default: return char.IsAsciiLetterOrDigit(character) ? throw new FormatException($"'\\{character}'") : character;
        }
    }

    private char Hexadecimal(int fewest, int most)
    {
        var start = _at;
        while (_at < _pattern.Length && _at - start < most && char.IsAsciiHexDigit(_pattern[_at])) _at++;
        if (_at - start < fewest) throw new FormatException("a code point without digits");
        var value = uint.Parse(_pattern.AsSpan(start, _at - start), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return value <= char.MaxValue ? (char)value : throw new FormatException("a character beyond the basic plane in the pattern");
    }

    private CharacterSet Class()
    {
        if (++_depth > MaxDepth) throw new FormatException($"classes nested deeper than {MaxDepth}");
        var set = new CharacterSet { IsNegated = TryTake("^") };
        var isFirst = true;
        while (true)
        {
            if (_at >= _pattern.Length) throw new FormatException("a class without a closing bracket");
            if (_pattern[_at] == ']' && !isFirst) break;
            if (TryTake("&&")) Intersect(set);
            else Member(set);
            isFirst = false;
        }

        _at++;
        _depth--;
        if (_ignoresCase && set.DependsOnCase) throw new FormatException("a property of case where case is ignored");
        return set;
    }

    // Only 'and not these' can be written for .NET.
    private void Intersect(CharacterSet set)
    {
        if (set.IsNegated || set.Excluded is not null || !TryTake("[^")) throw new FormatException("an intersection of classes other than with one negated class");
        _at--;
        var excluded = Class();
        if (_at >= _pattern.Length || _pattern[_at] != ']') throw new FormatException("an intersection of more than two classes");
        excluded.IsNegated = false;
        set.Excluded = excluded;
    }

    private void Member(CharacterSet set)
    {
        var character = Next();
        if (character == '[')
        {
            if (_at < _pattern.Length && _pattern[_at] == ':') throw new FormatException("a POSIX bracket");
            if (!set.TryAdd(Class())) throw new FormatException("a negated class in a class");
            return;
        }

        if (character == '\\')
        {
            character = Next();
            if (TryClass(character) is { } part)
            {
                if (!set.TryAdd(part)) throw new FormatException("a negated property in a class");
                return;
            }

            character = character == 'b' ? '\b' : Escaped(character);
        }

        Range(set, Plain(character));
    }

    private void Range(CharacterSet set, char first)
    {
        var isRange = _at + 1 < _pattern.Length && _pattern[_at] == '-' && _pattern[_at + 1] != ']';
        if (!isRange)
        {
            if (_ignoresCase && IsCased(first)) AddIgnoringCase(set, first);
            else set.Add(first);
            return;
        }

        _at++;
        var last = Next();
        if (last == '[') throw new FormatException("a range that ends in a class");
        if (last == '\\')
        {
            last = Next();
            if (last is 's' or 'S' or 'd' or 'D' or 'w' or 'W' or 'p' or 'P') throw new FormatException("a range that ends in a class");
            last = Escaped(last);
        }

        if (Plain(last) < first) throw new FormatException("a range that runs backwards");
        if (!_ignoresCase)
        {
            set.Add(first, last);
            return;
        }

        for (int character = first; character <= last; character++)
        {
            if (IsCased((char)character)) AddIgnoringCase(set, (char)character);
            else set.Add((char)character);
        }
    }

    private static char Plain(char character) => char.IsSurrogate(character) || character is >= PatternText.FirstStandIn and <= PatternText.HanStandIn
        ? throw new FormatException("a character beyond the basic plane, or of private use, in the pattern")
        : character;

    private void Quantifier(int start)
    {
        if (_at >= _pattern.Length) return;
        var isInterval = false;
        switch (_pattern[_at])
        {
            case '?' or '*' or '+':
                _output.Append(Next());
                break;
            case '{' when TryInterval():
                isInterval = true;
                break;
            default:
                return;
        }

        if (TryTake("?"))
        {
            if (isInterval) throw new FormatException("an interval followed by '?'");
            _output.Append('?');
        }
        else if (TryTake("+"))
        {
            if (isInterval) throw new FormatException("an interval followed by '+'");
            _output.Insert(start, "(?>").Append(')');
        }

        if (_at < _pattern.Length && _pattern[_at] is '?' or '*' or '+') throw new FormatException("a quantifier on a quantifier");
    }

    // A brace that begins no interval stands for itself.
    private bool TryInterval()
    {
        var interval = Regex.Match(_pattern[_at..Math.Min(_pattern.Length, _at + 16)], "^\\{([0-9]*)(,?)([0-9]*)\\}", RegexOptions.CultureInvariant);
        if (!interval.Success || (interval.Groups[1].Length == 0 && interval.Groups[3].Length == 0)) return false;
        _at += interval.Length;
        _output.Append('{').Append(interval.Groups[1].Length == 0 ? "0" : interval.Groups[1].Value).Append(interval.Groups[2].Value).Append(interval.Groups[3].Value).Append('}');
        return true;
    }

    private char Next() => _at < _pattern.Length ? _pattern[_at++] : throw new FormatException("it ends too early");

    private bool TryTake(string expected)
    {
        if (string.CompareOrdinal(_pattern, _at, expected, 0, expected.Length) != 0) return false;
        _at += expected.Length;
        return true;
    }

    private string Rest(int length) => _pattern.Substring(_at, Math.Min(length, _pattern.Length - _at));
}
