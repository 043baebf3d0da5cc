using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Turns what ONNX Runtime reports into this library's errors.</summary>
internal static class NativeFailure
{
    /// <summary>The error of a run.</summary>
    public static Exception AtRun(NativeError error, LoadedModel model) => error.Code switch
    {
        NativeErrorCode.InvalidArgument => new InvalidInputException([$"{model.ModelId}: {error.Message}"], model.Signature),
        _ => new DeviceFaultException(model.DeviceId, $"{model.ModelId}: the run failed on {model.DeviceId}. {error.Message}"),
    };
}
