namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>The values of <c>OrtErrorCode</c> in onnxruntime_error_code.h.</summary>
internal enum NativeErrorCode
{
    Ok = 0,
    Fail = 1,
    InvalidArgument = 2,
    NoSuchFile = 3,
    NoModel = 4,
    EngineError = 5,
    RuntimeException = 6,
    InvalidProtobuf = 7,
    ModelLoaded = 8,
    NotImplemented = 9,
    InvalidGraph = 10,
    ProviderFailure = 11,
    LoadCancelled = 12,
    RequiresCompilation = 13,
    NotFound = 14,
    DeviceReset = 15,
}
