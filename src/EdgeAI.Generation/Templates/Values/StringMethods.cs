using System.Buffers;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>The methods of Python's strings.</summary>
internal static class StringMethods
{
    private static readonly SearchValues<char> _lineEnds = SearchValues.Create("\n\r\v\f\u001C\u001D\u001E\u0085\u2028\u2029");

    private delegate object? Method(string text, JinjaArguments arguments);

    private static readonly Dictionary<string, Method> _methods = new(StringComparer.Ordinal)
    {
        ["strip"] = (text, arguments) => PythonString.Trim(text, arguments.TextOr(0, "chars", null)),
        ["lstrip"] = (text, arguments) => PythonString.TrimStart(text, arguments.TextOr(0, "chars", null)),
        ["rstrip"] = (text, arguments) => PythonString.TrimEnd(text, arguments.TextOr(0, "chars", null)),
        ["split"] = (text, arguments) => Split(text, arguments, fromRight: false),
        ["rsplit"] = (text, arguments) => Split(text, arguments, fromRight: true),
        ["splitlines"] = (text, arguments) => Lines(text, arguments.TruthOr(0, "keepends", false)),
        ["partition"] = (text, arguments) => Partition(text, NotEmpty(arguments.Text(0, "sep")), text.IndexOf(arguments.Text(0, "sep"), StringComparison.Ordinal), isFirst: true),
        ["rpartition"] = (text, arguments) => Partition(text, NotEmpty(arguments.Text(0, "sep")), text.LastIndexOf(arguments.Text(0, "sep"), StringComparison.Ordinal), isFirst: false),
        ["startswith"] = (text, arguments) => Any(arguments.Get(0, "prefix"), prefix => text.StartsWith(prefix, StringComparison.Ordinal)),
        ["endswith"] = (text, arguments) => Any(arguments.Get(0, "suffix"), suffix => text.EndsWith(suffix, StringComparison.Ordinal)),
        ["removeprefix"] = (text, arguments) => text.StartsWith(arguments.Text(0, "prefix"), StringComparison.Ordinal) ? text[arguments.Text(0, "prefix").Length..] : text,
        ["removesuffix"] = (text, arguments) => text.EndsWith(arguments.Text(0, "suffix"), StringComparison.Ordinal) ? text[..^arguments.Text(0, "suffix").Length] : text,
        ["lower"] = (text, _) => text.ToLowerInvariant(),
        ["casefold"] = (text, _) => text.ToLowerInvariant(),
        ["upper"] = (text, _) => text.ToUpperInvariant(),
        ["title"] = (text, _) => PythonString.Title(text),
        ["capitalize"] = (text, _) => PythonString.Capitalize(text),
        ["find"] = (text, arguments) => Place(text, text.IndexOf(arguments.Text(0, "sub"), StringComparison.Ordinal)),
        ["rfind"] = (text, arguments) => Place(text, text.LastIndexOf(arguments.Text(0, "sub"), StringComparison.Ordinal)),
        ["index"] = (text, arguments) => Found(Place(text, text.IndexOf(arguments.Text(0, "sub"), StringComparison.Ordinal))),
        ["count"] = (text, arguments) => (long)text.AsSpan().Count(NotEmpty(arguments.Text(0, "sub"))),
        ["format"] = Formatting.Braces,
        ["isdigit"] = (text, _) => All(text, Rune.IsDigit),
        ["isdecimal"] = (text, _) => All(text, Rune.IsDigit),
        ["isnumeric"] = (text, _) => All(text, Rune.IsNumber),
        ["isalpha"] = (text, _) => All(text, Rune.IsLetter),
        ["isalnum"] = (text, _) => All(text, rune => Rune.IsLetter(rune) || Rune.IsNumber(rune)),
        ["isspace"] = (text, _) => text.Length > 0 && text.All(PythonString.IsSpace),
        ["isupper"] = (text, _) => IsCased(text, Rune.IsUpper, Rune.IsLower),
        ["islower"] = (text, _) => IsCased(text, Rune.IsLower, Rune.IsUpper),
    };

    // These make texts longer than they got, so they need to know what is allowed.
    private static readonly Dictionary<string, Func<Rendering, string, JinjaArguments, object?>> _growingMethods = new(StringComparer.Ordinal)
    {
        ["replace"] = (rendering, text, arguments) => Replace(rendering, text, arguments.Text(0, "old"), arguments.Text(1, "new"), arguments.IntegerOr(2, "count", -1)),
        ["join"] = (rendering, text, arguments) => Join(rendering, text, arguments.Get(0, "iterable")),
        ["ljust"] = (rendering, text, arguments) => text + Padding(rendering, text, arguments),
        ["rjust"] = (rendering, text, arguments) => Padding(rendering, text, arguments) + text,
        ["zfill"] = (rendering, text, arguments) => (text.StartsWith('-') || text.StartsWith('+') ? text[..1] : "") + Padding(rendering, text, arguments, '0') + text.TrimStart('-', '+'),
    };

    public static JinjaFunction? Find(string text, string name)
    {
        if (_methods.TryGetValue(name, out var method))
        {
            return new JinjaFunction(name, (rendering, arguments) =>
            {
                rendering.ChargeText(text.Length);
                return method(text, arguments);
            });
        }

        return _growingMethods.TryGetValue(name, out var growing) ? new JinjaFunction(name, (rendering, arguments) => growing(rendering, text, arguments)) : null;
    }

    public static string Replace(Rendering rendering, string text, string old, string replacement, long count)
    {
        var places = old.Length == 0 ? text.Length + 1 : text.AsSpan().Count(old);
        rendering.ChargeText(text.Length + ((double)replacement.Length * (count < 0 ? places : Math.Min(places, count))));
        return PythonString.Replace(text, old, replacement, count);
    }

    public static string Join(Rendering rendering, string separator, object? items)
    {
        var texts = PythonOperators.Iterate(items).Select(PythonText.Of).ToList();
        rendering.Charge(texts.Count);
        rendering.ChargeText(texts.Sum(text => (double)text.Length) + ((double)separator.Length * texts.Count));
        return string.Join(separator, texts);
    }

    private static List<object?> Split(string text, JinjaArguments arguments, bool fromRight)
    {
        var cuts = arguments.IntegerOr(1, "maxsplit", -1);
        if (arguments.TextOr(0, "sep", null) is not { } separator)
        {
            return fromRight && cuts >= 0 ? throw new ChatTemplateException("The chat template splits at white space from the right, which is not supported.") : PythonString.SplitAtSpace(text, cuts);
        }

        return fromRight ? PythonString.SplitFromRight(text, NotEmpty(separator), cuts) : PythonString.Split(text, NotEmpty(separator), cuts);
    }

    private static List<object?> Lines(string text, bool keepsEnds)
    {
        var lines = new List<object?>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.AsSpan(at).IndexOfAny(_lineEnds) is var found && found < 0 ? text.Length : at + found;
            var next = end == text.Length ? end : end + (text[end] == '\r' && end + 1 < text.Length && text[end + 1] == '\n' ? 2 : 1);
            lines.Add(text[at..(keepsEnds ? next : end)]);
            at = next;
        }

        return lines;
    }

    private static PythonTuple Partition(string text, string separator, int at, bool isFirst)
    {
        if (at < 0) return new PythonTuple(isFirst ? [text, "", ""] : ["", "", text]);
        return new PythonTuple([text[..at], separator, text[(at + separator.Length)..]]);
    }

    private static bool Any(object? candidates, Func<string, bool> matches) => candidates switch
    {
        string one => matches(one),
        PythonTuple many => many.OfType<string>().Any(matches),
        _ => throw new ChatTemplateException($"The chat template compares a string's end with {PythonText.TypeOf(candidates)}."),
    };

    private static string NotEmpty(string text) => text.Length > 0 ? text : throw new ChatTemplateException("The chat template looks for an empty string.");

    private static long Place(string text, int at) => at < 0 ? -1 : PythonString.Length(text[..at]);

    private static long Found(long place) => place >= 0 ? place : throw new ChatTemplateException("The chat template asks where a string is that is not there.");

    private static object All(string text, Func<Rune, bool> test) => text.Length > 0 && text.EnumerateRunes().All(test);

    private static object IsCased(string text, Func<Rune, bool> wanted, Func<Rune, bool> unwanted) => text.EnumerateRunes().Any(wanted) && !text.EnumerateRunes().Any(unwanted);

    private static string Padding(Rendering rendering, string text, JinjaArguments arguments, char filler = ' ')
    {
        var width = arguments.IntegerOr(0, "width", 0);
        rendering.ChargeText(Math.Max(0, width));
        if (filler == ' ' && arguments.TextOr(1, "fillchar", null) is { Length: 1 } given) filler = given[0];
        return new string(filler, (int)Math.Max(0, width - PythonString.Length(text)));
    }
}
