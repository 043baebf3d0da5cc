using System.CommandLine;
using System.CommandLine.Parsing;
using EdgeAI.Cli.Bench;

namespace EdgeAI.Cli.Commands;

/// <summary>The lengths of inputs.</summary>
internal static class ShapeOption
{
    public static Option<ShapeArgument[]> Create(string description) => new("--shape")
    {
        HelpName = "NAME=1,3,48,320",
        Description = description,
        CustomParser = Parse,
        DefaultValueFactory = _ => [],
        AllowMultipleArgumentsPerToken = true,
    };

    private static ShapeArgument[] Parse(ArgumentResult result)
    {
        var shapes = new List<ShapeArgument>();
        foreach (var token in result.Tokens)
        {
            if (ShapeArgument.TryParse(token.Value) is not { } shape) result.AddError($"'{token.Value}' is not a shape; write NAME=1,3,48,320.");
            else if (shapes.Exists(other => other.Input == shape.Input)) result.AddError($"The shape of '{shape.Input}' is given twice.");
            else shapes.Add(shape);
        }

        return [.. shapes];
    }
}
