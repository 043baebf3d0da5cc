using System.Runtime.CompilerServices;

namespace EdgeAI.Tests;

/// <summary>Tests measure into a folder of their own: the user's measurements are neither used nor changed.</summary>
internal static class TestCache
{
    [ModuleInitializer]
    internal static void Redirect()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"edgeai-test-cache-{Environment.ProcessId}");
        Environment.SetEnvironmentVariable("XDG_CACHE_HOME", folder);
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
        };
    }
}
