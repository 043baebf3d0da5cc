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

    [LoggerMessage(9, LogLevel.Error, "{Model}: a run on {Device} did not end within its limit nor when asked to; its lane and session are abandoned ({Count} so far)")]
    public static partial void LaneLost(ILogger logger, string model, string device, int count);

    [LoggerMessage(10, LogLevel.Error, "{Model}: {Device} has hung {Count} times and gets no more lanes for this model")]
    public static partial void DeviceGivenUp(ILogger logger, string model, string device, int count);

    [LoggerMessage(11, LogLevel.Error, "{Model}: a lost lane on {Device} could not be replaced")]
    public static partial void LaneNotReplaced(ILogger logger, Exception exception, string model, string device);

    [LoggerMessage(12, LogLevel.Information, "{Model}: requests {May} share a run: {Reason}")]
    public static partial void BatchingDecided(ILogger logger, string model, string may, string reason);

    [LoggerMessage(13, LogLevel.Information, "{Model}: served on {Device} by {Lanes} lane(s) of {Threads} thread(s), batches of up to {MaxBatch}: {Reason}")]
    public static partial void PlanChosen(ILogger logger, string model, string device, int lanes, int threads, int maxBatch, string reason);

    [LoggerMessage(14, LogLevel.Warning, "{Model}: measuring was given up; the plan stays as it is")]
    public static partial void MeasuringFailed(ILogger logger, Exception exception, string model);

    [LoggerMessage(15, LogLevel.Warning, "{Model}: a batch answered {Actual} rows instead of {Expected} in output '{Output}'; each request is run by itself")]
    public static partial void WrongBatchLength(ILogger logger, string model, string output, long actual, long expected);

    [LoggerMessage(16, LogLevel.Error, "{Model}: the batching policy '{Policy}' threw; what is there when a lane is free runs instead, now and whenever it throws again")]
    public static partial void BatchingPolicyFailed(ILogger logger, Exception exception, string model, string policy);

    [LoggerMessage(17, LogLevel.Error, "{Model}: the routing policy '{Policy}' threw; the device that is predicted to answer first is taken instead, now and whenever it throws again")]
    public static partial void RoutingPolicyFailed(ILogger logger, Exception exception, string model, string policy);

    [LoggerMessage(18, LogLevel.Warning, "{Model}: it could not be opened on {Device} too, and is served without it")]
    public static partial void DeviceNotJoined(ILogger logger, Exception exception, string model, string device);

    [LoggerMessage(19, LogLevel.Warning, "{Model}: a run on {Device} failed; its {Count} request(s) go to another device")]
    public static partial void FailedOver(ILogger logger, Exception exception, string model, string device, int count);

    [LoggerMessage(20, LogLevel.Information, "{Model}: requests of {Shape} were measured on {Device}")]
    public static partial void ShapeMeasured(ILogger logger, string model, string shape, string device);

    [LoggerMessage(21, LogLevel.Warning, "{Device} has gone; its requests run elsewhere where they can")]
    public static partial void DeviceGone(ILogger logger, string device);

    [LoggerMessage(22, LogLevel.Error, "{Model}: {Device} answers otherwise than {First} does, in output {Output}; it takes only requests that name it")]
    public static partial void DeviceDisagrees(ILogger logger, string model, string device, string first, string output);

    [LoggerMessage(23, LogLevel.Error, "{Model}: after faults, {Device} answers otherwise than before in output {Output}; it gets no requests that others can take")]
    public static partial void DeviceAnswersWrong(ILogger logger, string model, string device, string output);

    [LoggerMessage(24, LogLevel.Warning, "{Model}: memory ran out on {Device}; its sessions there were closed and opened again")]
    public static partial void SessionsRebuilt(ILogger logger, string model, string device);

    [LoggerMessage(25, LogLevel.Error, "{Model}: memory ran out on {Device}, and its sessions there could not be opened again yet")]
    public static partial void SessionsNotRebuilt(ILogger logger, Exception exception, string model, string device);
}
