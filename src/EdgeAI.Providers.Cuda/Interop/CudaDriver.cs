using System.Text;

namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>
/// The real driver API. Functions and constants: cuda.h of the CUDA toolkit 12; names with <c>_v2</c> are what the header's macros stand for. Each function is
/// looked up when it is first used.
/// </summary>
internal sealed unsafe class CudaDriver : ICudaDriver
{
    private const uint NonBlockingStream = 1;       // CU_STREAM_NON_BLOCKING
    private const uint PortableHostMemory = 1;      // CU_MEMHOSTALLOC_PORTABLE
    private const uint MappedHostMemory = 2;        // CU_MEMHOSTALLOC_DEVICEMAP
    private const uint AttachGlobal = 1;            // CU_MEM_ATTACH_GLOBAL
    private const int NameLength = 256, PciBusIdLength = 32, UuidLength = 16;

    private readonly DriverLibrary _library;

    private CudaDriver(DriverLibrary library) => _library = library;

    /// <summary>Loads and initializes the library.</summary>
    /// <param name="folder">The only folder to look in; <see langword="null"/>: where the system looks.</param>
    /// <param name="failure">Why there is none; <see langword="null"/> otherwise.</param>
    public static CudaDriver? TryLoad(string? folder, out DriverFailure? failure)
    {
        var library = DriverLibrary.TryLoad(DriverLibraryNames.Cuda(folder), out var error);
        if (library is null)
        {
            failure = new DriverFailure(DriverFailure.NotLoaded, error);
            return null;
        }

        var initialize = (delegate* unmanaged<uint, int>)library.Find("cuInit");
        var code = initialize is null ? CudaResult.NotFound : initialize(0);
        failure = code == 0 ? null : new DriverFailure(code, $"cuInit of {library.Path}: {CudaResult.Describe(code)}");
        return code == 0 ? new CudaDriver(library) : null;
    }

    public Answer<int> GetVersion() => GetInt("cuDriverGetVersion");

    public Answer<int> GetDeviceCount() => GetInt("cuDeviceGetCount");

    public Answer<int> GetDevice(int ordinal)
    {
        var function = (delegate* unmanaged<int*, int, int>)_library.Find("cuDeviceGet");
        var device = 0;
        return function is null ? Answer<int>.Failed(CudaResult.NotFound) : new(function(&device, ordinal), device);
    }

    public Answer<string> GetName(int device) => GetText("cuDeviceGetName", NameLength, device);

    public Answer<string> GetPciBusId(int device) => GetText("cuDeviceGetPCIBusId", PciBusIdLength, device);

    public Answer<Guid> GetUuid(int device)
    {
        // The second version names a slice of a divided GPU by its own identifier.
        var function = (delegate* unmanaged<byte*, int, int>)_library.Find("cuDeviceGetUuid_v2");
        if (function is null) function = (delegate* unmanaged<byte*, int, int>)_library.Find("cuDeviceGetUuid");
        if (function is null) return Answer<Guid>.Failed(CudaResult.NotFound);
        var bytes = stackalloc byte[UuidLength];
        var code = function(bytes, device);
        return code == 0 ? new(0, new Guid(new ReadOnlySpan<byte>(bytes, UuidLength), bigEndian: true)) : Answer<Guid>.Failed(code);
    }

    public Answer<long> GetTotalMemory(int device)
    {
        var function = (delegate* unmanaged<nuint*, int, int>)_library.Find("cuDeviceTotalMem_v2");
        nuint bytes = 0;
        return function is null ? Answer<long>.Failed(CudaResult.NotFound) : new(function(&bytes, device), (long)bytes);
    }

    public Answer<int> GetAttribute(int device, CudaAttribute attribute)
    {
        var function = (delegate* unmanaged<int*, int, int, int>)_library.Find("cuDeviceGetAttribute");
        var value = 0;
        return function is null ? Answer<int>.Failed(CudaResult.NotFound) : new(function(&value, (int)attribute, device), value);
    }

    public Answer<bool> IsPrimaryContextActive(int device)
    {
        var function = (delegate* unmanaged<int, uint*, int*, int>)_library.Find("cuDevicePrimaryCtxGetState");
        uint flags = 0;
        var active = 0;
        return function is null ? Answer<bool>.Failed(CudaResult.NotFound) : new(function(device, &flags, &active), active != 0);
    }

    public Answer<nint> RetainPrimaryContext(int device)
    {
        var function = (delegate* unmanaged<nint*, int, int>)_library.Find("cuDevicePrimaryCtxRetain");
        nint context = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&context, device), context);
    }

    public int ReleasePrimaryContext(int device)
    {
        var function = (delegate* unmanaged<int, int>)_library.Find("cuDevicePrimaryCtxRelease_v2");
        return function is null ? CudaResult.NotFound : function(device);
    }

    public int PushContext(nint context) => Call("cuCtxPushCurrent_v2", context);

    public int PopContext()
    {
        var function = (delegate* unmanaged<nint*, int>)_library.Find("cuCtxPopCurrent_v2");
        nint context = 0;
        return function is null ? CudaResult.NotFound : function(&context);
    }

    public Answer<long> GetFreeMemory()
    {
        var function = (delegate* unmanaged<nuint*, nuint*, int>)_library.Find("cuMemGetInfo_v2");
        nuint free = 0, total = 0;
        return function is null ? Answer<long>.Failed(CudaResult.NotFound) : new(function(&free, &total), (long)free);
    }

    public Answer<(int Least, int Greatest)> GetStreamPriorityRange()
    {
        var function = (delegate* unmanaged<int*, int*, int>)_library.Find("cuCtxGetStreamPriorityRange");
        int least = 0, greatest = 0;
        return function is null ? Answer<(int, int)>.Failed(CudaResult.NotFound) : new(function(&least, &greatest), (least, greatest));
    }

    public Answer<nint> CreateStream(int priority)
    {
        var function = (delegate* unmanaged<nint*, uint, int, int>)_library.Find("cuStreamCreateWithPriority");
        nint stream = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&stream, NonBlockingStream, priority), stream);
    }

    public int DestroyStream(nint stream) => Call("cuStreamDestroy_v2", stream);

    public Answer<nint> AllocateHost(nuint byteLength)
    {
        var function = (delegate* unmanaged<nint*, nuint, uint, int>)_library.Find("cuMemHostAlloc");
        nint address = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&address, byteLength, PortableHostMemory | MappedHostMemory), address);
    }

    public int FreeHost(nint address) => Call("cuMemFreeHost", address);

    public Answer<nint> GetDeviceAddress(nint hostAddress)
    {
        var function = (delegate* unmanaged<nint*, nint, uint, int>)_library.Find("cuMemHostGetDevicePointer_v2");
        nint address = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&address, hostAddress, 0), address);
    }

    public Answer<nint> AllocateManaged(nuint byteLength)
    {
        var function = (delegate* unmanaged<nint*, nuint, uint, int>)_library.Find("cuMemAllocManaged");
        nint address = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&address, byteLength, AttachGlobal), address);
    }

    public Answer<nint> AllocateDevice(nuint byteLength)
    {
        var function = (delegate* unmanaged<nint*, nuint, int>)_library.Find("cuMemAlloc_v2");
        nint address = 0;
        return function is null ? Answer<nint>.Failed(CudaResult.NotFound) : new(function(&address, byteLength), address);
    }

    public int Free(nint address) => Call("cuMemFree_v2", address);

    public int CopyToDevice(nint device, nint host, nuint byteLength, nint stream) => Copy("cuMemcpyHtoDAsync_v2", device, host, byteLength, stream);

    public int CopyToHost(nint host, nint device, nuint byteLength, nint stream) => Copy("cuMemcpyDtoHAsync_v2", host, device, byteLength, stream);

    public int CopyOnDevice(nint destination, nint source, nuint byteLength, nint stream) => Copy("cuMemcpyDtoDAsync_v2", destination, source, byteLength, stream);

    public int Synchronize(nint stream) => Call("cuStreamSynchronize", stream);

    private int Copy(string name, nint destination, nint source, nuint byteLength, nint stream)
    {
        var function = (delegate* unmanaged<nint, nint, nuint, nint, int>)_library.Find(name);
        return function is null ? CudaResult.NotFound : function(destination, source, byteLength, stream);
    }

    private Answer<int> GetInt(string name)
    {
        var function = (delegate* unmanaged<int*, int>)_library.Find(name);
        var value = 0;
        return function is null ? Answer<int>.Failed(CudaResult.NotFound) : new(function(&value), value);
    }

    private int Call(string name, nint argument)
    {
        var function = (delegate* unmanaged<nint, int>)_library.Find(name);
        return function is null ? CudaResult.NotFound : function(argument);
    }

    private Answer<string> GetText(string name, int room, int device)
    {
        var function = (delegate* unmanaged<byte*, int, int, int>)_library.Find(name);
        if (function is null) return Answer<string>.Failed(CudaResult.NotFound);
        var text = stackalloc byte[room];
        var code = function(text, room, device);
        if (code != 0) return Answer<string>.Failed(code);
        var bytes = new ReadOnlySpan<byte>(text, room);
        var end = bytes.IndexOf((byte)0);
        return new(0, Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]));
    }
}
