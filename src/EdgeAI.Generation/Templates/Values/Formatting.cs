using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeAI.Generation;

/// <summary>Python's two ways to fill values into a text, in their simple forms.</summary>
internal static partial class Formatting
{
    /// <summary><c>"%s of %d" % (a, b)</c>.</summary>
    public static string Percent(string format, object? values)
    {
        var given = values as PythonTuple ?? new PythonTuple([values]);
        var next = 0;
        return PercentPlaces().Replace(format, place =>
        {
            if (place.Value == "%%") return "%";
            if (place.Groups["name"].Success) return values is PythonMap map && map.TryGet(place.Groups["name"].Value, out var named) ? One(place, named) : throw Error(format);
            return next < given.Count ? One(place, given[next++]) : throw Error(format);
        });
    }

    /// <summary><c>"{} of {1} and {name}".format(..)</c>.</summary>
    public static string Braces(string format, JinjaArguments arguments)
    {
        var next = 0;
        return BracePlaces().Replace(format, place =>
        {
            if (place.Value is "{{" or "}}") return place.Value[..1];
            var name = place.Groups["name"].Value;
            if (!place.Groups["name"].Success) throw Error(format);
            var index = name.Length == 0 ? next++ : int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
            return arguments.TryGet(index, name, out var value) ? PythonText.Of(value) : throw Error(format);
        });
    }

    private static string One(Match place, object? value) => (place.Groups["kind"].Value, value) switch
    {
        ("s", _) => PythonText.Of(value),
        ("r", _) => PythonText.Representation(value),
        ("d" or "i", long or bool) => Convert.ToInt64(value, null).ToString(CultureInfo.InvariantCulture),
        ("d" or "i", double number) => Math.Truncate(number).ToString("0", CultureInfo.InvariantCulture),
        ("f", long or double or bool) => Convert.ToDouble(value, null).ToString("F" + (place.Groups["digits"].Success ? place.Groups["digits"].Value : "6"), CultureInfo.InvariantCulture),
        _ => throw Error(place.Value),
    };

    private static ChatTemplateException Error(string format) => new($"The chat template formats '{format}', which is not supported or has too few values.");

    [GeneratedRegex(@"%(?:%|(?:\((?<name>[^)]*)\))?(?:\.(?<digits>[0-9]{1,2}))?(?<kind>[a-zA-Z])?)", RegexOptions.CultureInvariant)]
    private static partial Regex PercentPlaces();

    [GeneratedRegex(@"\{\{|\}\}|\{(?<name>\w*)\}|[{}]", RegexOptions.CultureInvariant)]
    private static partial Regex BracePlaces();
}
