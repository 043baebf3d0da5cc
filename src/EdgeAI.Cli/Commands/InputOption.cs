using System.CommandLine;
using System.CommandLine.Parsing;

namespace EdgeAI.Cli.Commands;

/// <summary><c>-i NAME=FILE.npy</c>, once for each input.</summary>
internal static class InputOption
{
    public static Option<KeyValuePair<string, string>[]> Create() => new("--input", "-i")
    {
        HelpName = "NAME=FILE.npy",
        Description = "An input and its tensor; once for each input",
        CustomParser = Parse,
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private static KeyValuePair<string, string>[] Parse(ArgumentResult result)
    {
        var inputs = new List<KeyValuePair<string, string>>();
        foreach (var token in result.Tokens)
        {
            var equals = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0 || equals == token.Value.Length - 1) result.AddError($"'{token.Value}' is not an input; write NAME=FILE.npy.");
            else if (inputs.Exists(input => input.Key == token.Value[..equals])) result.AddError($"The input '{token.Value[..equals]}' is given twice.");
            else inputs.Add(new(token.Value[..equals], token.Value[(equals + 1)..]));
        }

        return [.. inputs];
    }
}
