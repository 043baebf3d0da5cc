using System.CommandLine;

namespace EdgeAI.Cli.Commands;

/// <summary><c>--device ID</c>.</summary>
internal static class DeviceOption
{
    public static Option<string?> Create() => new("--device") { HelpName = "ID", Description = "The only device that may run the model, such as cpu:0" };
}
