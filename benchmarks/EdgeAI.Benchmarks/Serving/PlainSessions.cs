using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>Plain ONNX Runtime's sessions for a plan: lanes of one thread share one, as it runs in the caller's thread; others have their own.</summary>
internal static class PlainSessions
{
    /// <summary>Opens the model; the sessions' workers do not spin between runs, or whoever is measured next is measured against them.</summary>
    public static InferenceSession[] Open(ServedModel model, PlainPlan plan) =>
        [.. Enumerable.Range(0, plan.Threads == 1 ? 1 : plan.Lanes).Select(_ =>
        {
            using var options = new SessionOptions { IntraOpNumThreads = plan.Threads, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
            options.AddSessionConfigEntry("session.force_spinning_stop", "1");
            return new InferenceSession(model.Bytes, options);
        })];
}
