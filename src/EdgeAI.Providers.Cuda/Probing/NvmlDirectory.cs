using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>NVML's GPUs by what identifies them: NVML and the CUDA driver count in different orders, and the driver may see fewer, or slices of a divided GPU.</summary>
internal sealed class NvmlDirectory
{
    private readonly List<(NvmlPlace Place, Guid? Uuid, PciAddress? Address)> _devices = [];

    public NvmlDirectory(INvml nvml)
    {
        var count = nvml.GetDeviceCount().OrNull() ?? 0;
        for (uint i = 0; i < count; i++)
        {
            // One GPU that does not answer must not hide the others.
            if (nvml.GetDevice(i) is not { IsOk: true, Value: var device }) continue;
            _devices.Add((new(device, device), ParseUuid(nvml.GetUuid(device).TextOrNull()), AddressOf(nvml.GetPciInfo(device))));
            AddSlices(nvml, device);
        }
    }

    /// <summary>Where NVML has the GPU that the driver knows by this identifier, or else by this address; <see langword="null"/> where it does not list it.</summary>
    public NvmlPlace? Find(Guid? uuid, PciAddress? address)
    {
        foreach (var device in _devices)
        {
            if (uuid is not null && device.Uuid == uuid) return device.Place;
        }

        foreach (var device in _devices)
        {
            // Another identifier at the same address is a slice that NVML does not show: the memory of the whole is not its own.
            if (address is not null && device.Address == address) return uuid is not null && device.Uuid is not null ? device.Place with { Memory = null } : device.Place;
        }

        return null;
    }

    internal static Guid? ParseUuid(string? text)
    {
        const int PrefixLength = 4;
        return text is not null && (text.StartsWith("GPU-", StringComparison.Ordinal) || text.StartsWith("MIG-", StringComparison.Ordinal)) && Guid.TryParseExact(text[PrefixLength..], "D", out var uuid) ? uuid : null;
    }

    // The driver gives a slice an identifier of its own, and the address of the whole.
    private void AddSlices(INvml nvml, nint device)
    {
        var most = nvml.GetMaxSliceCount(device).OrNull() ?? 0;
        for (uint i = 0; i < most; i++)
        {
            if (nvml.GetSlice(device, i) is { IsOk: true, Value: var slice }) _devices.Add((new(device, slice), ParseUuid(nvml.GetUuid(slice).TextOrNull()), null));
        }
    }

    private static PciAddress? AddressOf(Answer<NvmlPciInfo> info) => info.IsOk ? PciAddress.TryParse(info.Value.BusId) ?? new PciAddress(info.Value.Domain, info.Value.Bus, info.Value.Device, 0) : null;
}
