using System.Globalization;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>Where a device is on the PCI buses. NVML writes the domain with eight digits, the CUDA driver and the kernel with four: compare addresses, not texts.</summary>
internal readonly record struct PciAddress(uint Domain, uint Bus, uint Device, uint Function)
{
    /// <summary>Parses <c>domain:bus:device.function</c>, hexadecimal; <see langword="null"/> where it is malformed.</summary>
    public static PciAddress? TryParse(string? text)
    {
        if (text?.Split(':', '.') is not [var domain, var bus, var device, var function]) return null;
        return TryParseHex(domain, out var d) && TryParseHex(bus, out var b) && TryParseHex(device, out var v) && TryParseHex(function, out var f) ? new(d, b, v, f) : null;
    }

    /// <summary>As the kernel names its folder, such as <c>0000:01:00.0</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Domain:x4}:{Bus:x2}:{Device:x2}.{Function:x}");

    private static bool TryParseHex(string text, out uint value) => uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
