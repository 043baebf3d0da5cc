using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>
/// Where ONNX Runtime's own log goes. The native environment exists once in a process, so there is one logger for the process;
/// the last one set receives everything. Thread-safe.
/// </summary>
public static class OnnxRuntimeLog
{
    /// <summary>The category of the log.</summary>
    public const string Category = "EdgeAI.OnnxRuntime";

    private static ILogger _logger = NullLogger.Instance;
    private static bool _closed;

    /// <summary>Sends the log to this logger from now on. Default: nowhere.</summary>
    public static void UseLogger(ILogger logger)
    {
        ArgumentNullException.ThrowIfNull(logger);
        Volatile.Write(ref _logger, logger);
    }

    /// <summary>The least severe messages that are worth producing for the current logger.</summary>
    internal static OrtLoggingLevel Severity
    {
        get
        {
            var logger = Volatile.Read(ref _logger);
            return logger.IsEnabled(LogLevel.Trace) ? OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE
                : logger.IsEnabled(LogLevel.Debug) ? OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO
                : OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING;
        }
    }

    /// <summary>Called by native code, on any thread: must not throw.</summary>
    internal static void Write(OrtLoggingLevel severity, string? logId, string? location, string? message)
    {
        if (Volatile.Read(ref _closed)) return;
        try
        {
            var logger = Volatile.Read(ref _logger);
            var level = ToLogLevel(severity);
            if (logger.IsEnabled(level)) logger.Log(level, "{LogId}: {NativeMessage} ({Location})", logId, message, location);
        }
        catch (Exception)
        {
            // A host's logger that fails, or is disposed already, must not unwind through native frames: that ends the process.
        }
    }

    /// <summary>Drops everything from now on.</summary>
    internal static void Close() => Volatile.Write(ref _closed, true);

    internal static LogLevel ToLogLevel(OrtLoggingLevel severity) => severity switch
    {
        OrtLoggingLevel.ORT_LOGGING_LEVEL_VERBOSE => LogLevel.Trace,
        OrtLoggingLevel.ORT_LOGGING_LEVEL_INFO => LogLevel.Debug,
        OrtLoggingLevel.ORT_LOGGING_LEVEL_WARNING => LogLevel.Warning,
        OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR => LogLevel.Error,
        _ => LogLevel.Critical,
    };
}
