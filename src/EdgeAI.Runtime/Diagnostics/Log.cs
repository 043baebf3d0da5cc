using Microsoft.Extensions.Logging;

namespace EdgeAI.Diagnostics;

/// <summary>What the engine logs. Never inputs.</summary>
internal static partial class Log
{
    [LoggerMessage(1, LogLevel.Information, "{Provider}: found {Device} ({Name})")]
    public static partial void DeviceFound(ILogger logger, string provider, string device, string name);

    [LoggerMessage(2, LogLevel.Debug, "{Provider}: not available: {Reason}")]
    public static partial void DeviceUnavailable(ILogger logger, string provider, string reason);

    [LoggerMessage(3, LogLevel.Information, "{Model}: loaded on {Device} with {Lanes} lane(s) of {Threads} thread(s): {Reason}")]
    public static partial void ModelLoaded(ILogger logger, string model, string device, int lanes, int threads, string reason);

    [LoggerMessage(4, LogLevel.Information, "{Model}: unloaded")]
    public static partial void ModelUnloaded(ILogger logger, string model);

    [LoggerMessage(5, LogLevel.Warning, "{Model}: the warm-up run was refused, so the first request may be slower: {Reason}")]
    public static partial void WarmUpRefused(ILogger logger, string model, string reason);

    [LoggerMessage(6, LogLevel.Error, "{Model}: {Count} lane(s) on {Device} did not stop in time; their session is abandoned, not freed")]
    public static partial void LanesAbandoned(ILogger logger, string model, string device, int count);

    [LoggerMessage(7, LogLevel.Error, "{What} failed while shutting down")]
    public static partial void ShutdownFailed(ILogger logger, Exception exception, string what);

    [LoggerMessage(8, LogLevel.Error, "{Provider}: the probe failed")]
    public static partial void ProbeFailed(ILogger logger, Exception exception, string provider);

}
