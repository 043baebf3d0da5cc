namespace EdgeAI.Cli.Diagnostics;

/// <summary>Whether the machine has an NVIDIA GPU, driver or not: the kernel lists what is on the PCI buses.</summary>
internal static class NvidiaHardware
{
    private const string Vendor = "0x10de", DisplayClass = "0x03";

    /// <summary>Looks below a root; where there is no such list, none is known.</summary>
    public static bool IsPresent(string root)
    {
        try
        {
            return Directory.EnumerateDirectories(Path.Join(root, "sys/bus/pci/devices")).Any(device =>
                Read(device, "vendor") == Vendor && Read(device, "class")?.StartsWith(DisplayClass, StringComparison.Ordinal) == true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static string? Read(string device, string file)
    {
        var path = Path.Join(device, file);
        return File.Exists(path) ? File.ReadAllText(path).Trim() : null;
    }
}
