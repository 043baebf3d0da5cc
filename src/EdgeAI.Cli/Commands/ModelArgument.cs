using System.CommandLine;

namespace EdgeAI.Cli.Commands;

/// <summary>The model that a verb is about.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create()
    {
        var argument = new Argument<string>("MODEL") { Description = "An ONNX file" };
        argument.Validators.Add(result =>
        {
            if (result.Tokens is [{ Value: var path }] && string.IsNullOrWhiteSpace(path)) result.AddError("MODEL is empty; name an ONNX file.");
        });
        return argument;
    }
}
