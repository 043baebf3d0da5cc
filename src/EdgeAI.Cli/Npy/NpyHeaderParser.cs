using System.Globalization;

namespace EdgeAI.Cli.Npy;

/// <summary>Parses the Python dictionary of a header: strings, True and False, and tuples of integers are all that occurs in it.</summary>
internal ref struct NpyHeaderParser
{
    private readonly ReadOnlySpan<char> _text;
    private readonly string _path;
    private int _at;

    private NpyHeaderParser(ReadOnlySpan<char> text, string path)
    {
        _text = text;
        _path = path;
    }

    public static NpyHeader Parse(string text, string path) => new NpyHeaderParser(text, path).ReadHeader();

    private NpyHeader ReadHeader()
    {
        NpyType? type = null;
        bool? isFortranOrder = null;
        nint[]? lengths = null;
        Expect('{');
        while (!TryTake('}'))
        {
            var key = ReadString();
            Expect(':');
            switch (key)
            {
                case "descr" when type is null: type = ReadType(); break;
                case "fortran_order" when isFortranOrder is null: isFortranOrder = ReadBoolean(); break;
                case "shape" when lengths is null: lengths = ReadLengths(); break;
                default: throw Malformed($"has the unexpected key '{key}'");
            }

            if (TryTake(',')) continue;
            Expect('}');
            break;
        }

        SkipSpace();
        if (_at < _text.Length) throw Malformed("goes on after its dictionary");
        return type is null || isFortranOrder is null || lengths is null
            ? throw Malformed("lacks one of the keys descr, fortran_order and shape")
            : new NpyHeader(type.Value, isFortranOrder.Value, lengths);
    }

    private NpyType ReadType()
    {
        SkipSpace();
        if (_at < _text.Length && _text[_at] is '[' or '(') throw new NpyException(_path, "it holds records; save one field of them as an array of its own.");
        var description = ReadString();
        if (NpyType.TryParse(description) is { ElementType: not TensorElementType.Undefined } type) return type;
        throw new NpyException(_path, description.Contains('O')
            ? "it holds Python objects, which are never read because they can run code; save text with dtype=str, numbers with a numeric dtype."
            : $"its element type '{description}' has no ONNX counterpart; convert it to a numeric type, bool or str before saving.");
    }

    private nint[] ReadLengths()
    {
        var lengths = new List<nint>();
        Expect('(');
        while (!TryTake(')'))
        {
            lengths.Add(ReadLength());
            if (TryTake(',')) continue;
            Expect(')');
            break;
        }

        return [.. lengths];
    }

    private nint ReadLength()
    {
        SkipSpace();
        var start = _at;
        while (_at < _text.Length && char.IsAsciiDigit(_text[_at])) _at++;
        if (!nint.TryParse(_text[start.._at], NumberStyles.None, CultureInfo.InvariantCulture, out var length)) throw Malformed("has a shape that is not a tuple of lengths");
        if (_at < _text.Length && _text[_at] == 'L') _at++; // Python 2 wrote long integers so.
        return length;
    }

    private bool ReadBoolean()
    {
        SkipSpace();
        if (TryTakeWord("False")) return false;
        return TryTakeWord("True") ? true : throw Malformed("has a fortran_order that is neither True nor False");
    }

    private string ReadString()
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] is not ('\'' or '"')) throw Malformed("lacks a string");
        var length = _text[(_at + 1)..].IndexOf(_text[_at]);
        if (length < 0) throw Malformed("has a string without an end");
        var value = _text.Slice(_at + 1, length);
        _at += length + 2;
        return value.Contains('\\') ? throw Malformed("has an escaped string") : value.ToString();
    }

    private bool TryTakeWord(string word)
    {
        if (!_text[_at..].StartsWith(word, StringComparison.Ordinal)) return false;
        _at += word.Length;
        return true;
    }

    private bool TryTake(char expected)
    {
        SkipSpace();
        if (_at >= _text.Length || _text[_at] != expected) return false;
        _at++;
        return true;
    }

    private void Expect(char expected)
    {
        if (!TryTake(expected)) throw Malformed($"lacks a '{expected}'");
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at])) _at++;
    }

    private readonly NpyException Malformed(string what) => new(_path, $"its header {what}, at character {_at}; save the array again with numpy.save.");
}
