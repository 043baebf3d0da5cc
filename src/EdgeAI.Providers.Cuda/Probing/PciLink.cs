using System.Globalization;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>
/// The link between host and GPU: the narrowest part of the way. NVML sees the GPU's own slot only; the kernel also lists the bridges above it, one of which
/// may be the cable of an external box.
/// </summary>
internal static class PciLink
{
    private const string Devices = "sys/bus/pci/devices";

    public static DeviceLink? Read(INvml? nvml, nint device, PciAddress? address, SystemFiles files)
    {
        var generation = Ask(nvml, device, NvmlNumber.LinkGeneration);
        var lanes = Ask(nvml, device, NvmlNumber.LinkLanes);
        var maxGeneration = Ask(nvml, device, NvmlNumber.MaxLinkGeneration);
        var maxLanes = Ask(nvml, device, NvmlNumber.MaxLinkLanes);
        foreach (var folder in address is null ? [] : Way(files, address.Value))
        {
            generation = Least(generation, Generation(files.ReadText($"{folder}/current_link_speed")));
            lanes = Least(lanes, Lanes(files.ReadNumber($"{folder}/current_link_width")));
            maxGeneration = Least(maxGeneration, Generation(files.ReadText($"{folder}/max_link_speed")));
            maxLanes = Least(maxLanes, Lanes(files.ReadNumber($"{folder}/max_link_width")));
        }

        return generation is null && lanes is null && maxGeneration is null && maxLanes is null ? null : new DeviceLink(generation, lanes, maxGeneration, maxLanes);
    }

    /// <summary>The device's folder and those of the bridges above it.</summary>
    private static IEnumerable<string> Way(SystemFiles files, PciAddress address)
    {
        var folder = files.ResolveLink($"{Devices}/{address}");
        if (folder is null)
        {
            yield return $"{Devices}/{address}";
            yield break;
        }

        for (; folder is not null && PciAddress.TryParse(Path.GetFileName(folder)) is not null; folder = Path.GetDirectoryName(folder)) yield return folder;
    }

    // PCI Express Base Specification: transfers per second of each generation.
    internal static int? Generation(string? speed)
    {
        if (!double.TryParse(speed?.Split(' ')[0], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var rate)) return null;
        return rate switch { 2.5 => 1, 5 => 2, 8 => 3, 16 => 4, 32 => 5, 64 => 6, 128 => 7, _ => null };
    }

    // The kernel writes 0 or 255 where it cannot tell.
    private static int? Lanes(long? lanes) => lanes is > 0 and <= 32 ? (int)lanes : null;

    private static int? Ask(INvml? nvml, nint device, NvmlNumber number) => nvml?.GetNumber(device, number).OrNull() is { } value and > 0 ? (int)value : null;

    private static int? Least(int? a, int? b) => a is null ? b : b is null ? a : Math.Min(a.Value, b.Value);
}
