using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Probing;

/// <summary>A CUDA driver that shows recorded GPUs, and counts contexts, streams and host memory.</summary>
internal sealed class RecordedDriver(params IReadOnlyList<RecordedGpu> gpus) : ICudaDriver
{
    public int Version { get; init; } = 12080;

    public int CountCode { get; init; }

    public bool IsActive { get; set; }

    public long FreeMemory { get; set; } = 1L << 30;

    public int StreamCode { get; set; }

    public int HostCode { get; set; }

    public int Retained { get; private set; }

    public int Pushed { get; private set; }

    public List<string> Calls { get; } = [];

    public Answer<int> GetVersion() => new(0, Version);

    public Answer<int> GetDeviceCount() => new(CountCode, gpus.Count);

    public Answer<int> GetDevice(int ordinal) => new(0, ordinal);

    public Answer<string> GetName(int device) => new(0, gpus[device].Name);

    public Answer<Guid> GetUuid(int device) => new(0, gpus[device].Uuid);

    public Answer<string> GetPciBusId(int device) => new(0, gpus[device].Address);

    public Answer<long> GetTotalMemory(int device) => new(0, gpus[device].TotalMemory);

    public Answer<int> GetAttribute(int device, CudaAttribute attribute) =>
        gpus[device].Attributes.TryGetValue(attribute, out var value) ? new(0, value) : Answer<int>.Failed(CudaResult.NotSupported);

    public Answer<bool> IsPrimaryContextActive(int device) => new(0, IsActive);

    public Answer<nint> RetainPrimaryContext(int device)
    {
        Retained++;
        return new(0, 0x100 + device);
    }

    public int ReleasePrimaryContext(int device)
    {
        Retained--;
        return 0;
    }

    public int PushContext(nint context)
    {
        Pushed++;
        return 0;
    }

    public int PopContext()
    {
        Pushed--;
        return 0;
    }

    public Answer<long> GetFreeMemory() => Pushed > 0 ? new(0, FreeMemory) : Answer<long>.Failed(201);

    public Answer<(int Least, int Greatest)> GetStreamPriorityRange() => new(0, (0, -5));

    public Answer<nint> CreateStream(int priority)
    {
        Calls.Add($"create {priority}");
        return new(StreamCode, 0x5000);
    }

    public int DestroyStream(nint stream)
    {
        Calls.Add($"destroy {stream:x}");
        return 0;
    }

    public Answer<nint> AllocateHost(nuint byteLength)
    {
        Calls.Add($"allocate {byteLength}");
        return HostCode == 0 ? new(0, System.Runtime.InteropServices.Marshal.AllocHGlobal((nint)byteLength)) : Answer<nint>.Failed(HostCode);
    }

    public int FreeHost(nint address)
    {
        Calls.Add("free");
        System.Runtime.InteropServices.Marshal.FreeHGlobal(address);
        return 0;
    }
}
