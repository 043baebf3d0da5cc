using System.Diagnostics;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>A disk of few bytes, mounted for a test: needs Linux and the right to mount, and ends the test as inconclusive without them.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private SmallDisk()
    {
    }

    public string Path => _folder.Path;

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    public static SmallDisk Mount(int kilobytes)
    {
        var disk = new SmallDisk();
        var problem = OperatingSystem.IsLinux() ? Run("mount", "-t", "tmpfs", "-o", $"size={kilobytes}k", "edgeai-test", disk.Path) : "this is not Linux";
        if (problem is null) return disk;
        disk._folder.Dispose();
        Assert.Inconclusive($"a small disk cannot be mounted: {problem}");
        throw new UnreachableException();
    }

    public void Dispose()
    {
        Assert.IsNull(Run("umount", Path));
        _folder.Dispose();
    }

    private static string? Run(string command, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardError = true })!;
            var said = process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0 ? null : said;
        }
        catch (System.ComponentModel.Win32Exception e)
        {
            return e.Message;
        }
    }
}
