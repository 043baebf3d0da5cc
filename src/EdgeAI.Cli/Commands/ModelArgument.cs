using System.CommandLine;

namespace EdgeAI.Cli.Commands;

/// <summary>The model that a verb is about.</summary>
internal static class ModelArgument
{
    public static Argument<string> Create() => new Argument<string>("MODEL") { Description = "An ONNX file" }.NotEmpty();
}
