using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>The one native environment of the process, created with our log function unless the host has made one already.</summary>
internal static class OnnxEnvironment
{
    private static readonly Lock _creating = new();
    private static bool _ready;

    // Kept alive here: native code holds a pointer to it.
    private static readonly DOrtLoggingFunction _log = static (_, severity, _, logId, location, message) => OnnxRuntimeLog.Write(severity, logId, location, message);

    /// <summary>Makes sure that the environment exists.</summary>
    /// <returns><see langword="null"/>, or the reason why it cannot.</returns>
    public static OnnxRuntimeLibraryCheck? TryEnsure()
    {
        if (Volatile.Read(ref _ready)) return null;
        lock (_creating)
        {
            if (_ready) return null;
            var check = OnnxRuntimeLibrary.Check();
            if (!check.Ok) return check;
            Create();
            Volatile.Write(ref _ready, true);
            return null;
        }
    }

    private static void Create()
    {
        if (OrtEnv.IsCreated) return;
        var options = new EnvironmentCreationOptions { logId = "onnxruntime", logLevel = OnnxRuntimeLog.Severity, loggingFunction = _log };
        try
        {
            OrtEnv.CreateInstanceWithOptions(ref options);
        }
        catch (OnnxRuntimeException) when (OrtEnv.IsCreated)
        {
            // The host was quicker: its environment serves as well, only its log stays its own.
            return;
        }

        // Native code may still log while the process ends, when managed code can no longer be entered.
        AppDomain.CurrentDomain.ProcessExit += static (_, _) =>
        {
            OnnxRuntimeLog.Close();
            if (OrtEnv.IsCreated) OrtEnv.Instance().EnvLogLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL;
        };
    }
}
