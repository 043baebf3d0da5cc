using Microsoft.Extensions.Logging;

namespace EdgeAI.Generation;

/// <summary>What is logged of models for text generation.</summary>
internal static partial class LoadedModelLog
{
    [LoggerMessage(2, LogLevel.Warning, "{Model}: the chat template cannot be used: {Problem}")]
    public static partial void BadTemplate(ILogger logger, string model, string problem);

    [LoggerMessage(3, LogLevel.Warning, "{Model}: what was computed cannot be kept in {Folder}: {Problem}")]
    public static partial void NotKept(ILogger logger, string model, string folder, string problem);

    [LoggerMessage(1, LogLevel.Information, "{Model} is loaded on {Device}: {Sequences} sequences of {ContextLength} tokens, {Threads} threads, in {Seconds:0.00} s; the device was chosen because {Reason}")]
    public static partial void Loaded(ILogger logger, string model, string device, int sequences, int contextLength, int threads, double seconds, string reason);
}
