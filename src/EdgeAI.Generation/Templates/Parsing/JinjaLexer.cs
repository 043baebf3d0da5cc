using System.Globalization;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// Cuts a template into text, tags and what these consist of, with white space as Hugging Face has it: a newline after a block goes (<c>trim_blocks</c>), so does
/// the indentation before one (<c>lstrip_blocks</c>), one newline at the end, and what <c>-</c> and <c>+</c> say beyond that.
/// </summary>
internal sealed class JinjaLexer
{
    // The longest first.
    private static readonly string[] _operators = ["**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<JinjaToken> _tokens = [];
    private int _at;
    private int _line = 1;
    private bool _startsLine = true;

    private JinjaLexer(string source)
    {
        source = source.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');
        _source = source.EndsWith('\n') ? source[..^1] : source;
    }

    public static List<JinjaToken> Tokenize(string source)
    {
        var lexer = new JinjaLexer(source);
        while (lexer._at < lexer._source.Length) lexer.Data();
        lexer.Add(JinjaTokenKind.End, "");
        return lexer._tokens;
    }

    private void Data()
    {
        var tag = NextTag();
        var text = _source[_at..tag];
        if (tag == _source.Length)
        {
            AddData(text);
            Advance(tag);
            return;
        }

        var opener = _source[tag + 1];
        var control = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : '\0';
        if (opener == '{' && control == '+') control = '\0';
        AddData(Shorten(text, opener, control));
        Advance(tag + 2 + (control == '\0' ? 0 : 1));
        _startsLine = false;
        if (opener == '#') Comment();
        else if (opener == '{') Tag(JinjaTokenKind.VariableBegin, JinjaTokenKind.VariableEnd, "}}");
        else if (!TryRaw()) Tag(JinjaTokenKind.BlockBegin, JinjaTokenKind.BlockEnd, "%}");
    }

    private int NextTag()
    {
        for (var at = _at; at + 1 < _source.Length; at++)
        {
            at = _source.IndexOf('{', at);
            if (at < 0 || at + 1 >= _source.Length) break;
            if (_source[at + 1] is '{' or '%' or '#') return at;
        }

        return _source.Length;
    }

    // What stands before a tag: all white space goes for '-'; for blocks and comments the indentation goes unless '+' keeps it.
    private string Shorten(string text, char opener, char control)
    {
        if (control == '-') return PythonString.TrimEnd(text, null);
        if (control == '+' || opener == '{') return text;
        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || _startsLine) && text.AsSpan(line).IndexOfAnyExcept(" \t\v\f\r") < 0 ? text[..line] : text;
    }

    private void AddData(string text)
    {
        if (text.Length > 0) Add(JinjaTokenKind.Data, text);
    }

    private void Comment()
    {
        var end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0) throw Error("a comment does not end");
        var control = end > _at && _source[end - 1] is '-' or '+' ? _source[end - 1] : '\0';
        Advance(end + 2);
        TrimAfter(control, isBlock: true);
    }

    private bool TryRaw()
    {
        if (!TryBareBlock(_at, "raw", out var start, out var control)) return false;
        Advance(start);
        TrimAfter(control, isBlock: true);
        for (var at = _at; at < _source.Length; at++)
        {
            at = _source.IndexOf("{%", at, StringComparison.Ordinal);
            if (at < 0) break;
            var before = at + 2 < _source.Length && _source[at + 2] is '-' or '+' ? _source[at + 2] : '\0';
            if (!TryBareBlock(at + 2 + (before == '\0' ? 0 : 1), "endraw", out var end, out var after)) continue;
            AddData(Shorten(_source[_at..at], '%', before));
            Advance(end);
            TrimAfter(after, isBlock: true);
            return true;
        }

        throw Error("a raw block does not end");
    }

    private bool TryBareBlock(int at, string name, out int end, out char control)
    {
        (end, control) = (at, '\0');
        while (end < _source.Length && char.IsWhiteSpace(_source[end])) end++;
        if (string.CompareOrdinal(_source, end, name, 0, name.Length) != 0) return false;
        end += name.Length;
        while (end < _source.Length && char.IsWhiteSpace(_source[end])) end++;
        if (end < _source.Length && _source[end] is '-' or '+') control = _source[end++];
        if (string.CompareOrdinal(_source, end, "%}", 0, 2) != 0) return false;
        end += 2;
        return true;
    }

    private void Tag(JinjaTokenKind begin, JinjaTokenKind end, string closing)
    {
        Add(begin, "");
        var open = new Stack<char>();
        while (true)
        {
            while (_at < _source.Length && char.IsWhiteSpace(_source[_at])) Advance(_at + 1);
            if (_at >= _source.Length) throw Error("a tag does not end");
            var control = _source[_at] is '-' or '+' && string.CompareOrdinal(_source, _at + 1, closing, 0, 2) == 0 ? _source[_at] : '\0';
            if (control == '+' && closing == "}}") control = '\0';
            if (open.Count == 0 && (control != '\0' || string.CompareOrdinal(_source, _at, closing, 0, 2) == 0))
            {
                Add(end, closing);
                Advance(_at + 2 + (control == '\0' ? 0 : 1));
                TrimAfter(control, end == JinjaTokenKind.BlockEnd);
                return;
            }

            Piece(open);
        }
    }

    private void TrimAfter(char control, bool isBlock)
    {
        _startsLine = false;
        if (control == '-')
        {
            while (_at < _source.Length && PythonString.IsSpace(_source[_at]))
            {
                _startsLine = _source[_at] == '\n';
                Advance(_at + 1);
            }
        }
        else if (control == '\0' && isBlock && _at < _source.Length && _source[_at] == '\n')
        {
            Advance(_at + 1);
            _startsLine = true;
        }
    }

    private void Piece(Stack<char> open)
    {
        var first = _source[_at];
        if (char.IsLetter(first) || first == '_') Name();
        else if (char.IsAsciiDigit(first)) Number();
        else if (first is '"' or '\'') Text(first);
        else Operator(open);
    }

    private void Name()
    {
        var end = _at;
        while (end < _source.Length && (char.IsLetterOrDigit(_source[end]) || _source[end] == '_')) end++;
        Add(JinjaTokenKind.Name, _source[_at..end]);
        Advance(end);
    }

    private void Number()
    {
        var end = Digits(_at);
        var isFloat = false;
        if (end + 1 < _source.Length && _source[end] == '.' && char.IsAsciiDigit(_source[end + 1]))
        {
            isFloat = true;
            end = Digits(end + 1);
        }

        if (end < _source.Length && _source[end] is 'e' or 'E')
        {
            var exponent = end + 1 < _source.Length && _source[end + 1] is '+' or '-' ? end + 2 : end + 1;
            if (exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
            {
                isFloat = true;
                end = Digits(exponent);
            }
        }

        Add(isFloat ? JinjaTokenKind.Float : JinjaTokenKind.Integer, _source[_at..end].Replace("_", "", StringComparison.Ordinal));
        Advance(end);
    }

    private int Digits(int at)
    {
        while (at < _source.Length && (char.IsAsciiDigit(_source[at]) || _source[at] == '_')) at++;
        return at;
    }

    private void Text(char quote)
    {
        var text = new StringBuilder();
        var at = _at + 1;
        for (; at < _source.Length && _source[at] != quote; at++)
        {
            if (_source[at] != '\\' || at + 1 >= _source.Length) text.Append(_source[at]);
            else at = Escape(at + 1, text);
        }

        if (at >= _source.Length) throw Error("a string does not end");
        Add(JinjaTokenKind.String, text.ToString());
        Advance(at + 1);
    }

    // Python's escapes. What is none of them keeps its backslash.
    private int Escape(int at, StringBuilder text)
    {
        switch (_source[at])
        {
            case '\n': return at;
            case '\\' or '\'' or '"': text.Append(_source[at]); return at;
            case 'n': text.Append('\n'); return at;
            case 'r': text.Append('\r'); return at;
            case 't': text.Append('\t'); return at;
            case 'a': text.Append('\a'); return at;
            case 'b': text.Append('\b'); return at;
            case 'f': text.Append('\f'); return at;
            case 'v': text.Append('\v'); return at;
            case 'x': return CodePoint(at, 2, text);
            case 'u': return CodePoint(at, 4, text);
            case 'U': return CodePoint(at, 8, text);
            case >= '0' and <= '7': return Octal(at, text);
            default: text.Append('\\').Append(_source[at]); return at;
        }
    }

    private int CodePoint(int at, int digits, StringBuilder text)
    {
        if (at + digits >= _source.Length || !uint.TryParse(_source.AsSpan(at + 1, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value) || value > 0x10FFFF)
        {
            throw Error("a string has a malformed escape");
        }

        if (value > char.MaxValue) text.Append(char.ConvertFromUtf32((int)value));
        else text.Append((char)value);
        return at + digits;
    }

    private int Octal(int at, StringBuilder text)
    {
        var (value, end) = (0, at);
        for (; end < _source.Length && end < at + 3 && _source[end] is >= '0' and <= '7'; end++) value = (value * 8) + (_source[end] - '0');
        text.Append((char)value);
        return end - 1;
    }

    private void Operator(Stack<char> open)
    {
        var found = Array.Find(_operators, candidate => string.CompareOrdinal(_source, _at, candidate, 0, candidate.Length) == 0) ?? throw Error($"unexpected character '{_source[_at]}'");
        if (found is "(" or "[" or "{") open.Push(found[0] switch { '(' => ')', '[' => ']', _ => '}' });
        if (found is ")" or "]" or "}" && (!open.TryPop(out var expected) || expected != found[0])) throw Error($"unexpected '{found}'");
        Add(JinjaTokenKind.Operator, found);
        Advance(_at + found.Length);
    }

    private void Add(JinjaTokenKind kind, string text) => _tokens.Add(new JinjaToken(kind, text, _line));

    private void Advance(int to)
    {
        _line += _source.AsSpan(_at, to - _at).Count('\n');
        _at = to;
    }

    private ChatTemplateException Error(string problem) => new($"The chat template is malformed in line {_line}: {problem}.");
}
