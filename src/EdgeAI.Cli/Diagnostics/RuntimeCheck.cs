using System.Runtime.InteropServices;
using EdgeAI.Cli.Output;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>The .NET runtime that this process runs on.</summary>
internal static class RuntimeCheck
{
    private const int MinMajor = 10;

    public static CheckReport Run() => Judge(Environment.Version, $"{RuntimeInformation.FrameworkDescription} on {RuntimeInformation.OSDescription} ({RuntimeInformation.RuntimeIdentifier})");

    internal static CheckReport Judge(Version version, string description) => version.Major >= MinMajor
        ? new CheckReport("dotnet", true, description)
        : new CheckReport("dotnet", false, $"{description}; version {MinMajor} or later is needed", $"install the .NET {MinMajor} runtime");
}
