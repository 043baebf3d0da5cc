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

    /// <summary>The result of managed and device allocations.</summary>
    public int AllocationCode { get; set; }

    /// <summary>The result of copies.</summary>
    public int CopyCode { get; set; }

    /// <summary>How far the GPU's addresses of mapped host memory are from the host's.</summary>
    public nint MapOffset { get; init; }

    /// <summary>How many blocks are allocated and not freed.</summary>
    public int Live { get; private set; }

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
        return HostCode == 0 ? Allocate(byteLength) : Answer<nint>.Failed(HostCode);
    }

    public int FreeHost(nint address)
    {
        Calls.Add("free");
        return Release(address);
    }

    public Answer<nint> GetDeviceAddress(nint hostAddress) => new(0, hostAddress + MapOffset);

    public Answer<nint> AllocateManaged(nuint byteLength)
    {
        Calls.Add($"allocate managed {byteLength}");
        return AllocationCode == 0 ? Allocate(byteLength) : Answer<nint>.Failed(AllocationCode);
    }

    public Answer<nint> AllocateDevice(nuint byteLength)
    {
        Calls.Add($"allocate on device {byteLength}");
        return AllocationCode == 0 ? Allocate(byteLength) : Answer<nint>.Failed(AllocationCode);
    }

    public int Free(nint address)
    {
        Calls.Add("free");
        return Release(address);
    }

    public int CopyToDevice(nint device, nint host, nuint byteLength, nint stream) => Copy("to device", device, host, byteLength, stream);

    public int CopyToHost(nint host, nint device, nuint byteLength, nint stream) => Copy("to host", host, device, byteLength, stream);

    public int CopyOnDevice(nint destination, nint source, nuint byteLength, nint stream) => Copy("on device", destination, source, byteLength, stream);

    public int Synchronize(nint stream)
    {
        Calls.Add($"synchronize {stream:x}");
        return 0;
    }

    private unsafe int Copy(string where, nint destination, nint source, nuint byteLength, nint stream)
    {
        Calls.Add($"copy {byteLength} {where} in {stream:x}");
        if (Pushed == 0) return 201;
        if (CopyCode == 0) Buffer.MemoryCopy((void*)source, (void*)destination, byteLength, byteLength);
        return CopyCode;
    }

    private unsafe Answer<nint> Allocate(nuint byteLength)
    {
        if (Pushed == 0) return Answer<nint>.Failed(201);
        Live++;
        return new(0, (nint)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(byteLength, 4096));
    }

    private unsafe int Release(nint address)
    {
        Live--;
        System.Runtime.InteropServices.NativeMemory.AlignedFree((void*)address);
        return Pushed == 0 ? 201 : 0;
    }
}
