using System.Diagnostics;

namespace EdgeAI.Providers.Cpu.Tests;

/// <summary>The unpacked tree of a real machine, which goes with the test.</summary>
internal sealed class RecordedMachine : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private RecordedMachine()
    {
    }

    /// <summary>The folder that holds its proc and sys trees.</summary>
    public string Root => Directory.GetDirectories(_folder.Path).Single();

    /// <summary>Ends the test as inconclusive where the archive or <c>tar</c> is missing.</summary>
    public static RecordedMachine Unpack(string name)
    {
        var archive = SharedData.Require($"machines/{name}.tar.bz2");
        var machine = new RecordedMachine();

        // Thousands of entries for memory blocks and PCI devices, which the probe does not read, are left in the archive.
        using var tar = Process.Start(new ProcessStartInfo("tar", ["xjf", archive, "-C", machine._folder.Path, "--exclude=*/memory[0-9]*", "--exclude=*/pci*"]) { RedirectStandardError = true })!;
        var errors = tar.StandardError.ReadToEnd();
        tar.WaitForExit();
        if (tar.ExitCode != 0)
        {
            machine.Dispose();
            Assert.Inconclusive($"tar cannot unpack {archive}: {errors}");
        }

        return machine;
    }

    public void Dispose() => _folder.Dispose();
}
