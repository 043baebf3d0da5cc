using System.CommandLine;
using System.CommandLine.Parsing;

namespace EdgeAI.Cli.Commands;

/// <summary>Refuses paths without a character, which shells make of unset variables.</summary>
internal static class PathValidation
{
    public static Argument<string> NotEmpty(this Argument<string> argument)
    {
        argument.Validators.Add(result => Check(result, result.Tokens, argument.Name));
        return argument;
    }

    public static Option<T> NotEmpty<T>(this Option<T> option)
    {
        option.Validators.Add(result => Check(result, result.Tokens, option.Name));
        return option;
    }

    private static void Check(SymbolResult result, IReadOnlyList<Token> tokens, string name)
    {
        if (tokens.Any(token => string.IsNullOrWhiteSpace(token.Value))) result.AddError($"{name} is empty; give a path.");
    }
}
