using System.Diagnostics;

namespace EdgeAI.Providers.Cuda.Tests.Package;

/// <summary>The package's build targets, run by MSBuild over what restoring packages would have found.</summary>
[TestClass]
public sealed class PackageGuardTests
{
    private const string Cpu = "Microsoft.ML.OnnxRuntime", Linux = "Microsoft.ML.OnnxRuntime.Gpu.Linux", Windows = "Microsoft.ML.OnnxRuntime.Gpu.Windows";

    [TestMethod]
    [DataRow("RuntimeTargetsCopyLocalItems", Cpu + ";" + Linux + ";" + Windows, "Exe", "", true, DisplayName = "both, for any platform")]
    [DataRow("NativeCopyLocalItems", Cpu + ";" + Windows, "WinExe", "", true, DisplayName = "both, for one platform")]
    [DataRow("RuntimeTargetsCopyLocalItems", Cpu + ";Microsoft.ML.OnnxRuntime.Gpu", "Exe", "", true, DisplayName = "an older GPU package")]
    [DataRow("RuntimeTargetsCopyLocalItems", Cpu + ";" + Linux, "Exe", "true", false, DisplayName = "allowed")]
    [DataRow("RuntimeTargetsCopyLocalItems", Cpu + ";" + Linux, "Library", "", false, DisplayName = "a library copies nothing")]
    [DataRow("RuntimeTargetsCopyLocalItems", Cpu + ";Microsoft.ML.OnnxRuntime.Extensions", "Exe", "", false, DisplayName = "the CPU build alone")]
    [DataRow("RuntimeTargetsCopyLocalItems", Linux + ";" + Windows, "Exe", "", false, DisplayName = "the GPU build alone")]
    public void Build_NativePackages_MayNotMeet(string item, string packages, string outputType, string allow, bool expected)
    {
        var assets = string.Concat(packages.Split(';').Select(package => $"""<{item} Include="{package}/libonnxruntime.so" NuGetPackageId="{package}" />"""));
        var targets = Path.Join(AppContext.BaseDirectory, "Package", "EdgeAI.Providers.Cuda.targets");
        using var folder = new TemporaryFolder().With("app.proj", $"""
            <Project DefaultTargets="ResolvePackageAssets">
              <PropertyGroup><OutputType>{outputType}</OutputType><EdgeAIAllowSeveralOnnxRuntimes>{allow}</EdgeAIAllowSeveralOnnxRuntimes></PropertyGroup>
              <Target Name="ResolvePackageAssets"><ItemGroup>{assets}</ItemGroup></Target>
              <Import Project="{targets}" />
            </Project>
            """);

        var (exitCode, output) = Build(Path.Join(folder.Path, "app.proj"));

        Assert.AreEqual(expected ? 1 : 0, exitCode, output);
        if (!expected) return;
        Assert.Contains("EDGEAI0001", output);
        Assert.Contains("""<PackageReference Include="Microsoft.ML.OnnxRuntime" ExcludeAssets="all" />""", output);
        Assert.Contains("EdgeAIAllowSeveralOnnxRuntimes", output);
    }

    private static (int ExitCode, string Output) Build(string project)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", ["msbuild", project, "-nologo", "-nodeReuse:false", "-v:q"]) { RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
