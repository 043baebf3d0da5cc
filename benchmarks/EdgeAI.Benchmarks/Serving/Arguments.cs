using System.Globalization;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>The options of a command, in pairs: <c>--name value</c>.</summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> _values = [];

    /// <exception cref="ArgumentException">An option is not known or has no value.</exception>
    public Arguments(ReadOnlySpan<string> arguments, params ReadOnlySpan<string> known)
    {
        for (var i = 0; i < arguments.Length; i += 2)
        {
            if (!known.Contains(arguments[i])) throw new ArgumentException($"There is no option '{arguments[i]}'; there are {string.Join(", ", known!)}.");
            if (i + 1 == arguments.Length) throw new ArgumentException($"{arguments[i]} needs a value.");
            _values[arguments[i]] = arguments[i + 1];
        }
    }

    public string? Text(string name) => _values.GetValueOrDefault(name);

    /// <exception cref="ArgumentException">It is not a number of 1 or more.</exception>
    public int Count(string name, int otherwise) =>
        !_values.TryGetValue(name, out var text) ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count > 0 ? count
        : throw new ArgumentException($"{name} is '{text}'; it must be 1 or more.");

    /// <exception cref="ArgumentException">It is not a number of seconds above zero.</exception>
    public TimeSpan Seconds(string name, double otherwise) =>
        !_values.TryGetValue(name, out var text) ? TimeSpan.FromSeconds(otherwise)
        : double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and <= 3600 ? TimeSpan.FromSeconds(seconds)
        : throw new ArgumentException($"{name} is '{text}'; it must be seconds, more than 0.");
}
