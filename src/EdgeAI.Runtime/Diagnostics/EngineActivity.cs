using System.Diagnostics;

namespace EdgeAI.Diagnostics;

/// <summary>One span of the activity source <c>EdgeAI</c> for each request, from acceptance to answer. Never inputs.</summary>
internal static class EngineActivity
{
    private static readonly ActivitySource _source = new(EngineTelemetry.MeterName);

    public static Activity? Start(string modelId)
    {
        if (!_source.HasListeners()) return null;

        // The request outlives the caller's synchronous part, so the span must not stay the caller's current one.
        var caller = Activity.Current;
        var activity = _source.StartActivity("edgeai.run", ActivityKind.Internal);
        Activity.Current = caller;
        activity?.SetTag("edgeai.model", modelId);
        return activity;
    }

    public static void Complete(Activity? activity, in InferenceTimings timings)
    {
        if (activity is null) return;
        activity.SetTag("edgeai.device", timings.DeviceId);
        activity.SetTag("edgeai.batch.size", timings.BatchSize);
        activity.SetTag("edgeai.request.queue.duration", timings.Queued.TotalSeconds);
        activity.SetTag("edgeai.session.run.duration", timings.Executed.TotalSeconds);
        activity.Stop();
    }

    public static void Fail(Activity? activity, Exception exception)
    {
        if (activity is null) return;
        activity.SetTag("error.type", exception.GetType().FullName);
        activity.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity.Stop();
    }

    public static void Cancel(Activity? activity)
    {
        if (activity is null) return;
        activity.SetTag("error.type", "cancelled");
        activity.Stop();
    }
}
