using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeAI.Cli.Commands;

/// <summary>An axis of a tensor as written on the command line, such as <c>state=1</c>.</summary>
internal static class AxisArgument
{
    public static KeyValuePair<string, int>[] Parse(ArgumentResult result)
    {
        var axes = new List<KeyValuePair<string, int>>();
        foreach (var token in result.Tokens)
        {
            // Names may contain the sign, axes cannot.
            var equals = token.Value.LastIndexOf('=');
            if (equals <= 0 || !int.TryParse(token.Value[(equals + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var axis)) result.AddError($"'{token.Value}' is not a batch axis; write NAME=0.");
            else if (axes.Exists(other => other.Key == token.Value[..equals])) result.AddError($"The batch axis of '{token.Value[..equals]}' is given twice.");
            else axes.Add(new(token.Value[..equals], axis));
        }

        return [.. axes];
    }
}
