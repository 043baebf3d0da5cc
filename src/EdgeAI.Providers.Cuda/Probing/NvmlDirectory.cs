using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>NVML's GPUs by what identifies them: NVML and the CUDA driver count in different orders, and the driver may see fewer.</summary>
internal sealed class NvmlDirectory
{
    private readonly List<(nint Device, Guid? Uuid, PciAddress? Address)> _devices = [];

    public NvmlDirectory(INvml nvml)
    {
        var count = nvml.GetDeviceCount().OrNull() ?? 0;
        for (uint i = 0; i < count; i++)
        {
            // One GPU that does not answer must not hide the others.
            if (nvml.GetDevice(i) is { IsOk: true } answer) _devices.Add((answer.Value, ParseUuid(nvml.GetUuid(answer.Value).TextOrNull()), AddressOf(nvml.GetPciInfo(answer.Value))));
        }
    }

    /// <summary>The handle of the GPU that the driver knows by this identifier, or else by this address; <see langword="null"/> where NVML does not list it.</summary>
    public nint? Find(Guid? uuid, PciAddress? address)
    {
        foreach (var device in _devices)
        {
            if (uuid is not null && device.Uuid == uuid) return device.Device;
        }

        // A slice of a divided GPU has an identifier of its own, and the address of the whole.
        foreach (var device in _devices)
        {
            if (address is not null && device.Address == address) return device.Device;
        }

        return null;
    }

    internal static Guid? ParseUuid(string? text)
    {
        const string Prefix = "GPU-";
        return text?.StartsWith(Prefix, StringComparison.Ordinal) == true && Guid.TryParseExact(text[Prefix.Length..], "D", out var uuid) ? uuid : null;
    }

    private static PciAddress? AddressOf(Answer<NvmlPciInfo> info) => info.IsOk ? PciAddress.TryParse(info.Value.BusId) ?? new PciAddress(info.Value.Domain, info.Value.Bus, info.Value.Device, 0) : null;
}
