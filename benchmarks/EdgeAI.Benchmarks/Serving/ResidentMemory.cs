using System.Diagnostics;
using System.Globalization;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>The process's resident memory, in MB: the kernel's <c>VmRSS</c> where there is one.</summary>
internal static class ResidentMemory
{
    private const string Label = "VmRSS:";

    public static double Megabytes()
    {
        if (OperatingSystem.IsLinux())
        {
            var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(Label, StringComparison.Ordinal));
            return long.Parse(line[Label.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) / 1024.0;
        }

        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64 / 1048576.0;
    }

    /// <summary>After a collection: what a caller's own lists left behind does not count.</summary>
    public static double MegabytesAfterCollection()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        return Megabytes();
    }
}
