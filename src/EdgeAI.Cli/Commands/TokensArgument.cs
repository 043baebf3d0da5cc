using System.CommandLine.Parsing;
using System.Globalization;

namespace EdgeAI.Cli.Commands;

/// <summary>Token ids on the command line: <c>1,2,3</c>.</summary>
internal static class TokensArgument
{
    public static int[]? Parse(ArgumentResult result)
    {
        var parts = result.Tokens[0].Value.Split(',', StringSplitOptions.TrimEntries);
        var tokens = new int[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (int.TryParse(parts[i], NumberStyles.None, CultureInfo.InvariantCulture, out tokens[i])) continue;
            result.AddError($"--tokens must be token ids such as 1,2,3; '{parts[i]}' is none.");
            return null;
        }

        return tokens;
    }
}
