using System.Collections.Concurrent;
using System.Diagnostics;

namespace EdgeAI.Providers.Cpu.Tests;

/// <summary>Trees of real machines, unpacked once for all tests of the process.</summary>
internal static class RecordedMachine
{
    private static readonly ConcurrentDictionary<string, Lazy<(TemporaryFolder Folder, string? Error)>> _machines = new(StringComparer.Ordinal);

    static RecordedMachine() => AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
    {
        foreach (var machine in _machines.Values) machine.Value.Folder.Dispose();
    };

    /// <summary>The folder that holds its proc and sys trees. Ends the test as inconclusive where the archive or <c>tar</c> is missing.</summary>
    public static string Unpack(string name)
    {
        var archive = SharedData.Require($"machines/{name}.tar.bz2");
        var (folder, error) = _machines.GetOrAdd(name, _ => new(() => Unpack(archive, new TemporaryFolder()))).Value;
        if (error is not null) Assert.Inconclusive($"tar cannot unpack {archive}: {error}");
        return Directory.GetDirectories(folder.Path).Single();
    }

    private static (TemporaryFolder Folder, string? Error) Unpack(string archive, TemporaryFolder folder)
    {
        // Thousands of entries for memory blocks and PCI devices, which the probe does not read, are left in the archive.
        using var tar = Process.Start(new ProcessStartInfo("tar", ["xjf", archive, "-C", folder.Path, "--exclude=*/memory[0-9]*", "--exclude=*/pci*"]) { RedirectStandardError = true })!;
        var errors = tar.StandardError.ReadToEnd();
        tar.WaitForExit();
        return (folder, tar.ExitCode == 0 ? null : errors);
    }
}
