using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// Reads regular expressions in ECMA-262's syntax, as JSON Schema uses it, as far as they describe regular languages: no lookaround, back references or word
/// borders. Lazy quantifiers mean the same as greedy ones here.
/// </summary>
internal sealed class PatternParser
{
    private readonly int[] _text;
    private int _next;
    private int _depth;

    private PatternParser(string pattern)
    {
        _text = [.. pattern.EnumerateRunes().Select(rune => rune.Value)];
    }

    private bool AtEnd => _next == _text.Length;

    /// <summary>Reads an expression.</summary>
    /// <exception cref="PatternException">It is wrong, or not supported.</exception>
    public static PatternNode Parse(string pattern)
    {
        if (pattern.Length > GrammarLimits.PatternCharacters) throw new PatternException($"it has {pattern.Length} characters; at most {GrammarLimits.PatternCharacters} are allowed", GrammarErrorReason.TooLarge);
        var parser = new PatternParser(pattern);
        var node = parser.Choice();
        return parser.AtEnd ? node : throw new PatternException("a closing parenthesis has no opening one");
    }

    private PatternNode Choice()
    {
        if (++_depth > GrammarLimits.PatternDepth) throw new PatternException($"groups are nested more than {GrammarLimits.PatternDepth} deep", GrammarErrorReason.TooLarge);
        var parts = new List<PatternNode> { Sequence() };
        while (TryTake('|')) parts.Add(Sequence());
        _depth--;
        return parts.Count == 1 ? parts[0] : new PatternNode.Choice(parts);
    }

    private PatternNode Sequence()
    {
        var parts = new List<PatternNode>();
        while (!AtEnd && _text[_next] is not ('|' or ')')) parts.Add(Quantified());
        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode Quantified()
    {
        var part = Atom();
        if (AtEnd || _text[_next] is not ('*' or '+' or '?' or '{')) return part;
        if (part is PatternNode.Begin or PatternNode.End) throw new PatternException("an anchor cannot be repeated");
        var (minimum, maximum) = _text[_next++] switch
        {
            '*' => (0, (int?)null),
            '+' => (1, null),
            '?' => (0, 1),
            _ => Counts(),
        };
        TryTake('?');
        return new PatternNode.Repeat(part, minimum, maximum);
    }

    /// <summary>What stands between braces.</summary>
    private (int Minimum, int? Maximum) Counts()
    {
        var minimum = Number();
        int? maximum = minimum;
        if (TryTake(',')) maximum = !AtEnd && _text[_next] == '}' ? null : Number();
        if (!TryTake('}')) throw new PatternException("a quantifier lacks its closing brace");
        if (maximum < minimum) throw new PatternException("a quantifier's bounds are out of order");
        return (minimum, maximum);
    }

    private int Number()
    {
        var value = 0;
        var begin = _next;
        while (!AtEnd && _text[_next] is >= '0' and <= '9')
        {
            value = value * 10 + _text[_next++] - '0';
            if (value > GrammarLimits.PatternStates) throw new PatternException($"a quantifier is over {GrammarLimits.PatternStates}", GrammarErrorReason.TooLarge);
        }

        return _next > begin ? value : throw new PatternException("a brace has no number");
    }

    private PatternNode Atom()
    {
        var value = _text[_next++];
        switch (value)
        {
            case '^':
                return new PatternNode.Begin();
            case '$':
                return new PatternNode.End();
            case '.':
                return new PatternNode.Characters(CodePointSet.NoLineEnd);
            case '[':
                return new PatternNode.Characters(Class());
            case '(':
                return Group();
            case '\\':
                return new PatternNode.Characters(Escape(inClass: false));
            case '*' or '+' or '?' or '{':
                throw new PatternException($"'{(char)value}' has nothing to repeat");
            default:
                return new PatternNode.Characters(One(value));
        }
    }

    private PatternNode Group()
    {
        if (TryTake('?'))
        {
            if (TryTake('<') && !AtEnd && _text[_next] is not ('=' or '!'))
            {
                while (!TryTake('>'))
                {
                    if (AtEnd) throw new PatternException("a group's name has no end");
                    _next++;
                }
            }
            else if (_text[_next - 1] == '<' || !TryTake(':'))
            {
                throw new PatternException("lookaround and inline options are not regular", GrammarErrorReason.Unsupported);
            }
        }

        var node = Choice();
        return TryTake(')') ? node : throw new PatternException("a parenthesis is not closed");
    }

    private CodePointSet Class()
    {
        var negated = TryTake('^');
        var set = CodePointSet.Of();
        while (!TryTake(']'))
        {
            if (AtEnd) throw new PatternException("a character class is not closed");
            var first = Member();
            if (_next + 1 < _text.Length && _text[_next] == '-' && _text[_next + 1] != ']')
            {
                _next++;
                if (Single(first) is not { } low || Single(Member()) is not { } high) throw new PatternException("a range's borders must be characters");
                if (high < low) throw new PatternException("a range is out of order");
                first = CodePointSet.Of((low, high));
            }

            set = set.Union(first);
        }

        return negated ? set.Negate() : set;
    }

    private CodePointSet Member()
    {
        if (AtEnd) throw new PatternException("a character class is not closed");
        var value = _text[_next++];
        return value == '\\' ? Escape(inClass: true) : One(value);
    }

    private CodePointSet Escape(bool inClass)
    {
        if (AtEnd) throw new PatternException("a backslash ends the expression");
        var value = _text[_next++];
        return value switch
        {
            'd' => CodePointSet.Digits,
            'D' => CodePointSet.Digits.Negate(),
            'w' => CodePointSet.Word,
            'W' => CodePointSet.Word.Negate(),
            's' => CodePointSet.Space,
            'S' => CodePointSet.Space.Negate(),
            't' => One('\t'),
            'n' => One('\n'),
            'r' => One('\r'),
            'f' => One('\f'),
            'v' => One('\v'),
            'b' when inClass => One('\b'),
            'b' or 'B' => throw new PatternException("word borders are not supported", GrammarErrorReason.Unsupported),
            '0' when AtEnd || _text[_next] is < '0' or > '9' => One(0),
            >= '0' and <= '9' or 'k' => throw new PatternException("back references are not regular", GrammarErrorReason.Unsupported),
            'x' => One(Hexadecimal(2)),
            'u' => One(Unicode()),
            'p' => Category(),
            'P' => Category().Negate(),
            'c' when !AtEnd && _text[_next] < 128 && char.IsAsciiLetter((char)_text[_next]) => One(_text[_next++] % 32),
            _ when value < 128 && char.IsAsciiLetterOrDigit((char)value) => throw new PatternException($"the escape \\{(char)value} is not known"),
            _ => One(value),
        };
    }

    private CodePointSet Category()
    {
        if (!TryTake('{')) throw new PatternException("a property lacks its brace");
        var name = new StringBuilder();
        while (!TryTake('}'))
        {
            if (AtEnd) throw new PatternException("a property's name has no end");
            name.Append(new Rune(_text[_next++]).ToString());
        }

        return (name.Length is 1 or 2 ? CodePointSet.Category(name.ToString()) : null)
            ?? throw new PatternException($"the property {name} is not supported: only general categories, such as L and Lu, are", GrammarErrorReason.Unsupported);
    }

    private int Unicode()
    {
        if (TryTake('{'))
        {
            var value = 0;
            while (!TryTake('}')) value = value <= CodePointSet.Last && !AtEnd ? value * 16 + Digit() : throw new PatternException("a code point is too large");
            return value <= CodePointSet.Last ? value : throw new PatternException("a code point is too large");
        }

        var high = Hexadecimal(4);
        if (!char.IsHighSurrogate((char)high) || _next + 1 >= _text.Length || _text[_next] != '\\' || _text[_next + 1] != 'u') return high;
        _next += 2;
        var low = Hexadecimal(4);
        return char.IsLowSurrogate((char)low) ? char.ConvertToUtf32((char)high, (char)low) : throw new PatternException("a surrogate stands alone");
    }

    private int Hexadecimal(int digits)
    {
        var value = 0;
        for (var i = 0; i < digits; i++) value = value * 16 + Digit();
        return value;
    }

    private int Digit() =>
        !AtEnd && _text[_next] < 128 && int.TryParse([(char)_text[_next]], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) && _next++ >= 0
            ? value
            : throw new PatternException("an escape lacks its hexadecimal digits");

    private static CodePointSet One(int value) => CodePointSet.Of((value, value));

    private static int? Single(CodePointSet set) => set.Ranges is [var (low, high)] && low == high ? low : null;

    private bool TryTake(char value)
    {
        if (AtEnd || _text[_next] != value) return false;
        _next++;
        return true;
    }
}
