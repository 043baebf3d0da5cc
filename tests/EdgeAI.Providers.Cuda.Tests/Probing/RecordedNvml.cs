using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Probing;

/// <summary>NVML that shows recorded GPUs, in its own order.</summary>
internal sealed class RecordedNvml(params IReadOnlyList<RecordedGpu> gpus) : INvml
{
    public Answer<string> GetDriverVersion() => new(0, "570.86.15");

    public Answer<uint> GetDeviceCount() => new(0, (uint)gpus.Count);

    public Answer<nint> GetDevice(uint index) => new(0, (nint)index + 1);

    public Answer<uint> GetMaxSliceCount(nint device) => Of(device).Slices.Count > 0 ? new(0, (uint)Of(device).Slices.Count + 1) : Answer<uint>.Failed(NvmlResult.NotSupported);

    // The last place is empty.
    public Answer<nint> GetSlice(nint device, uint index) => index < Of(device).Slices.Count ? new(0, (device << 8) + (nint)index + 1) : Answer<nint>.Failed(NvmlResult.NotFound);

    public Answer<string> GetName(nint device) => new(0, Of(device).Name);

    public Answer<string> GetUuid(nint device) => new(0, Slice(device) is { } slice ? $"MIG-{slice.Uuid}" : $"GPU-{Of(device).Uuid}");

    public Answer<NvmlPciInfo> GetPciInfo(nint device)
    {
        var parts = Of(device).Address.Split(':', '.').Select(part => Convert.ToUInt32(part, 16)).ToArray();
        return new(0, new NvmlPciInfo { Domain = parts[0], Bus = parts[1], Device = parts[2] });
    }

    public Answer<NvmlMemory> GetMemory(nint device) => Slice(device) is { } slice ? slice.Memory : Of(device).Memory;

    public Answer<NvmlUtilization> GetUtilization(nint device) => Answer<NvmlUtilization>.Failed(NvmlResult.NotSupported);

    public Answer<uint> GetNumber(nint device, NvmlNumber number) => Of(device).Numbers.TryGetValue(number, out var value) ? new(0, value) : Answer<uint>.Failed(NvmlResult.NotSupported);

    public Answer<uint> GetClock(nint device, NvmlClock clock) => Of(device).Clock;

    public Answer<uint> GetMaxClock(nint device, NvmlClock clock) => Answer<uint>.Failed(NvmlResult.NotSupported);

    public Answer<int> GetTemperature(nint device) => Of(device).Temperature;

    public Answer<uint> GetThreshold(nint device, NvmlThreshold threshold) => threshold == NvmlThreshold.Slowdown ? Of(device).Slowdown : Answer<uint>.Failed(NvmlResult.NotSupported);

    public Answer<ulong> GetClockReasons(nint device) => Of(device).Reasons;

    private RecordedSlice? Slice(nint device) => device > 0xFF ? gpus[(int)(device >> 8) - 1].Slices[(int)(device & 0xFF) - 1] : null;

    private RecordedGpu Of(nint device) => gpus[(int)device - 1];
}
