using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>
/// The part of ONNX Runtime's C API that the managed package lacks or wraps with an allocation. Every pointer is native and
/// owned as the C header says; a returned status must go through <see cref="NativeError"/>.
/// </summary>
/// <remarks>
/// The function pointers name no calling convention on purpose: the platform's default is what the header's ORT_API_CALL means
/// (stdcall on 32-bit x86 Windows, C everywhere else).
/// </remarks>
internal static unsafe class NativeApi
{
    /// <summary>The API version asked for: the first that has every function used here (GetTensorElementTypeAndShapeDataReference came with 1.24).</summary>
    public const uint Version = 24;

    private static readonly nint* _functions = Load();

    /// <summary>Memory information of the CPU, for tensors over host memory. Lives as long as the process.</summary>
    public static readonly nint CpuMemory = CreateCpuMemoryInfo();

    /// <summary>The default CPU allocator; never freed.</summary>
    public static readonly nint DefaultAllocator = GetDefaultAllocator();

    public static NativeErrorCode GetErrorCode(nint status) =>
        (NativeErrorCode)((delegate* unmanaged<nint, int>)_functions[OrtApiIndex.GetErrorCode])(status);

    public static nint GetErrorMessage(nint status) =>
        ((delegate* unmanaged<nint, nint>)_functions[OrtApiIndex.GetErrorMessage])(status);

    public static void ReleaseStatus(nint status) =>
        ((delegate* unmanaged<nint, void>)_functions[OrtApiIndex.ReleaseStatus])(status);

    public static nint CreateSessionFromArray(nint environment, byte* model, nuint byteLength, nint options, nint* session) =>
        ((delegate* unmanaged<nint, byte*, nuint, nint, nint*, nint>)_functions[OrtApiIndex.CreateSessionFromArray])(environment, model, byteLength, options, session);

    public static void ReleaseSession(nint session) =>
        ((delegate* unmanaged<nint, void>)_functions[OrtApiIndex.ReleaseSession])(session);

    public static nint Run(nint session, nint runOptions, nint* inputNames, nint* inputs, int inputCount, nint* outputNames, int outputCount, nint* outputs) =>
        ((delegate* unmanaged<nint, nint, nint*, nint*, nuint, nint*, nuint, nint*, nint>)_functions[OrtApiIndex.Run])(
            session, runOptions, inputNames, inputs, (nuint)inputCount, outputNames, (nuint)outputCount, outputs);

    public static nint CreateRunOptions(nint* options) =>
        ((delegate* unmanaged<nint*, nint>)_functions[OrtApiIndex.CreateRunOptions])(options);

    public static void ReleaseRunOptions(nint options) =>
        ((delegate* unmanaged<nint, void>)_functions[OrtApiIndex.ReleaseRunOptions])(options);

    public static nint RunOptionsSetTerminate(nint options) =>
        ((delegate* unmanaged<nint, nint>)_functions[OrtApiIndex.RunOptionsSetTerminate])(options);

    public static nint RunOptionsUnsetTerminate(nint options) =>
        ((delegate* unmanaged<nint, nint>)_functions[OrtApiIndex.RunOptionsUnsetTerminate])(options);

    public static nint AddRunConfigEntry(nint options, byte* key, byte* value) =>
        ((delegate* unmanaged<nint, byte*, byte*, nint>)_functions[OrtApiIndex.AddRunConfigEntry])(options, key, value);

    public static nint CreateTensorWithData(nint memoryInfo, nint data, nuint byteLength, long* shape, int rank, int elementType, nint* value) =>
        ((delegate* unmanaged<nint, nint, nuint, long*, nuint, int, nint*, nint>)_functions[OrtApiIndex.CreateTensorWithDataAsOrtValue])(
            memoryInfo, data, byteLength, shape, (nuint)rank, elementType, value);

    public static nint CreateTensor(nint allocator, long* shape, int rank, int elementType, nint* value) =>
        ((delegate* unmanaged<nint, long*, nuint, int, nint*, nint>)_functions[OrtApiIndex.CreateTensorAsOrtValue])(
            allocator, shape, (nuint)rank, elementType, value);

    public static void ReleaseValue(nint value) =>
        ((delegate* unmanaged<nint, void>)_functions[OrtApiIndex.ReleaseValue])(value);

    public static nint GetTensorMutableData(nint value, nint* data) =>
        ((delegate* unmanaged<nint, nint*, nint>)_functions[OrtApiIndex.GetTensorMutableData])(value, data);

    public static nint GetTensorTypeAndShape(nint value, int* elementType, long** shape, nuint* rank) =>
        ((delegate* unmanaged<nint, int*, long**, nuint*, nint>)_functions[OrtApiIndex.GetTensorElementTypeAndShapeDataReference])(value, elementType, shape, rank);

    public static nint GetResizedStringElementBuffer(nint value, nuint index, nuint byteLength, byte** buffer) =>
        ((delegate* unmanaged<nint, nuint, nuint, byte**, nint>)_functions[OrtApiIndex.GetResizedStringTensorElementBuffer])(value, index, byteLength, buffer);

    public static nint GetStringTensorDataLength(nint value, nuint* byteLength) =>
        ((delegate* unmanaged<nint, nuint*, nint>)_functions[OrtApiIndex.GetStringTensorDataLength])(value, byteLength);

    public static nint GetStringTensorContent(nint value, byte* content, nuint byteLength, nuint* offsets, nuint count) =>
        ((delegate* unmanaged<nint, byte*, nuint, nuint*, nuint, nint>)_functions[OrtApiIndex.GetStringTensorContent])(value, content, byteLength, offsets, count);

    public static nint AddExternalInitializersFromFilesInMemory(nint sessionOptions, nint* names, nint* contents, nuint* lengths, int count) =>
        ((delegate* unmanaged<nint, nint*, nint*, nuint*, nuint, nint>)_functions[OrtApiIndex.AddExternalInitializersFromFilesInMemory])(
            sessionOptions, names, contents, lengths, (nuint)count);

    public static nint GetEpGraphAssignmentInfo(nint session, nint** subgraphs, nuint* count) =>
        ((delegate* unmanaged<nint, nint**, nuint*, nint>)_functions[OrtApiIndex.Session_GetEpGraphAssignmentInfo])(session, subgraphs, count);

    public static nint GetAssignedProvider(nint subgraph, nint* name) =>
        ((delegate* unmanaged<nint, nint*, nint>)_functions[OrtApiIndex.EpAssignedSubgraph_GetEpName])(subgraph, name);

    public static nint GetAssignedNodes(nint subgraph, nint** nodes, nuint* count) =>
        ((delegate* unmanaged<nint, nint**, nuint*, nint>)_functions[OrtApiIndex.EpAssignedSubgraph_GetNodes])(subgraph, nodes, count);

    public static nint GetAssignedNodeName(nint node, nint* name) =>
        ((delegate* unmanaged<nint, nint*, nint>)_functions[OrtApiIndex.EpAssignedNode_GetName])(node, name);

    public static nint GetAssignedNodeDomain(nint node, nint* domain) =>
        ((delegate* unmanaged<nint, nint*, nint>)_functions[OrtApiIndex.EpAssignedNode_GetDomain])(node, domain);

    public static nint GetAssignedNodeOperatorType(nint node, nint* type) =>
        ((delegate* unmanaged<nint, nint*, nint>)_functions[OrtApiIndex.EpAssignedNode_GetOperatorType])(node, type);

    private static nint* Load()
    {
        // The assembly whose probing finds the library is that of the managed package, so that both use the same copy.
        var library = NativeLibrary.Load(NativeLibraryProbe.LibraryName, typeof(OrtEnv).Assembly, searchPath: null);
        var apiBase = ((delegate* unmanaged<OrtApiBase*>)NativeLibrary.GetExport(library, "OrtGetApiBase"))();
        var functions = ((delegate* unmanaged<uint, nint*>)apiBase->GetApi)(Version);
        return functions is not null
            ? functions
            : throw new InvalidOperationException($"The native ONNX Runtime library lacks API version {Version}; see OnnxRuntimeLibrary.Check().");
    }

    private static nint CreateCpuMemoryInfo()
    {
        const int DeviceAllocator = 0, DefaultMemory = 0;
        nint info;
        NativeError.ThrowIfFailed(((delegate* unmanaged<int, int, nint*, nint>)_functions[OrtApiIndex.CreateCpuMemoryInfo])(DeviceAllocator, DefaultMemory, &info));
        return info;
    }

    private static nint GetDefaultAllocator()
    {
        nint allocator;
        NativeError.ThrowIfFailed(((delegate* unmanaged<nint*, nint>)_functions[OrtApiIndex.GetAllocatorWithDefaultOptions])(&allocator));
        return allocator;
    }
}
