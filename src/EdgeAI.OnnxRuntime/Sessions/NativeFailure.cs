using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Turns what ONNX Runtime reports into this library's errors.</summary>
internal static class NativeFailure
{
    // What a kernel says when not the inputs but the machine is at fault. Everything else that a node reports is its verdict on values and shapes:
    // it comes back at every try, on any device, so it must not count against the device.
    private static readonly string[] _deviceWords =
        ["CUDA", "CUDNN", "CUBLAS", "HIP failure", "device lost"];

    private static readonly string[] _memoryWords = ["allocate memory", "out of memory", "bad_alloc", "bad allocation"];

    // How ONNX Runtime refuses models with control flow, or with nodes that are not on the execution provider.
    private const string CaptureWords = "cannot use the graph capture feature";

    /// <summary>The error of a run.</summary>
    public static Exception AtRun(NativeError error, string modelId, ModelSignature signature, string deviceId, Func<string, Exception?>? findDeviceFault = null)
    {
        var fault = findDeviceFault?.Invoke(error.Message);
        var failed = NativeMessage.FindFailedNode(error.Message);
        var reason = failed?.Reason ?? NativeMessage.WithoutLocation(error.Message);
        var where = failed is null ? "" : $"node {failed.Value.Node}: ";
        return fault is null && IsCausedByInput(error, failed is not null)
            ? new InvalidInputException([$"{modelId} does not take these values or shapes; {where}{TrimEnd(reason)}"], signature)
            : new DeviceFaultException(deviceId, $"{modelId}: the run failed on {deviceId}; {where}{TrimEnd(reason)}.", fault ?? (IsAboutMemory(error.Message) ? new InsufficientMemoryException(reason) : null));
    }

    /// <summary>The error of a load.</summary>
    /// <param name="message">ONNX Runtime's text.</param>
    /// <param name="model">The model.</param>
    /// <param name="setup">The device, and its own reading of errors.</param>
    /// <param name="cause">What the managed package threw, if it did.</param>
    public static Exception AtOpen(string message, ModelDescriptor model, OnnxSessionSetup setup, Exception? cause = null)
    {
        if (setup.GraphCapture is not null && message.Contains(CaptureWords, StringComparison.Ordinal)) return new OnnxGraphCaptureException($"{model.Id}: {TrimEnd(NativeMessage.WithoutLocation(message))}.", cause);

        var fault = setup.FindDeviceFault?.Invoke(message);
        if (fault is not null || IsAboutDevice(message))
        {
            // The engine takes other devices where memory was exhausted: it is told by the inner exception.
            var inner = fault ?? (IsAboutMemory(message) ? new InsufficientMemoryException(message, cause) : cause);
            return new DeviceFaultException(setup.DeviceId, $"{model.Id}: the model cannot be loaded on {setup.DeviceId}; {TrimEnd(NativeMessage.WithoutLocation(message))}.", inner);
        }

        var unknown = NativeMessage.FindUnknownOperator(message, model.Operators);
        var reason = unknown?.Reason ?? TrimEnd(NativeMessage.WithoutLocation(message));
        return new ModelLoadException($"ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion} refuses the model: {reason}.", model.Id, cause) { UnknownOperator = unknown?.Operator };
    }

    private static bool IsCausedByInput(NativeError error, bool isNodeKnown) => error.Code switch
    {
        NativeErrorCode.InvalidArgument => true,
        NativeErrorCode.Fail or NativeErrorCode.RuntimeException => isNodeKnown && !IsAboutDevice(error.Message),
        _ => false,
    };

    private static bool IsAboutDevice(string message) => IsAboutMemory(message) || Contains(message, _deviceWords);

    /// <summary>The engine takes smaller batches where memory was exhausted: it is told by the inner exception.</summary>
    private static bool IsAboutMemory(string message) => Contains(message, _memoryWords);

    private static bool Contains(string message, string[] words)
    {
        foreach (var word in words)
        {
            if (message.Contains(word, StringComparison.OrdinalIgnoreCase)) return true;
        }

        return false;
    }

    private static string TrimEnd(string sentence) => sentence.TrimEnd().TrimEnd('.');
}
