namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>
/// Positions of functions in the <c>OrtApi</c> table of onnxruntime_c_api.h, in pointers from its start. The table only ever grows at its end.
/// A test compares each constant with the offset of the field of the same name in the managed package.
/// </summary>
internal static class OrtApiIndex
{
    public const int GetErrorCode = 1;
    public const int GetErrorMessage = 2;
    public const int CreateSessionFromArray = 8;
    public const int Run = 9;
    public const int CreateRunOptions = 39;
    public const int RunOptionsSetTerminate = 46;
    public const int RunOptionsUnsetTerminate = 47;
    public const int CreateTensorAsOrtValue = 48;
    public const int CreateTensorWithDataAsOrtValue = 49;
    public const int GetTensorMutableData = 51;
    public const int GetStringTensorDataLength = 53;
    public const int GetStringTensorContent = 54;
    public const int CreateCpuMemoryInfo = 69;
    public const int GetAllocatorWithDefaultOptions = 78;
    public const int ReleaseStatus = 93;
    public const int ReleaseSession = 95;
    public const int ReleaseValue = 96;
    public const int ReleaseRunOptions = 97;
    public const int AddRunConfigEntry = 165;
    public const int GetResizedStringTensorElementBuffer = 252;
    public const int AddExternalInitializersFromFilesInMemory = 279;
    public const int Session_GetEpGraphAssignmentInfo = 407;
    public const int EpAssignedSubgraph_GetEpName = 408;
    public const int EpAssignedSubgraph_GetNodes = 409;
    public const int EpAssignedNode_GetName = 410;
    public const int EpAssignedNode_GetDomain = 411;
    public const int EpAssignedNode_GetOperatorType = 412;
    public const int GetTensorElementTypeAndShapeDataReference = 414;
}
