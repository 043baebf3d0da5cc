using EdgeAI.Scheduling;

namespace EdgeAI.Requests;

/// <summary>The words of a rejection.</summary>
internal static class Rejection
{
    public static RequestRejectedException Create(string modelId, RejectionReason reason) => Create(modelId, new Refusal(reason));

    public static RequestRejectedException Create(string modelId, in Refusal refusal)
    {
        var message = refusal.Reason switch
        {
            RejectionReason.QueueFull => $"{modelId}: the queue is full; retry later, send fewer requests at once, or raise ModelOptions.MaxQueueLength or MaxQueueDelay",
            RejectionReason.DeadlineExceeded => $"{modelId}: the deadline passed before the request could run; allow more time or send fewer requests at once",
            RejectionReason.DeadlineInfeasible => $"{modelId}: the answer cannot be ready before the deadline; allow more time or send fewer requests at once",
            _ => $"{modelId}: the model is shutting down and takes no more requests",
        };
        return new RequestRejectedException(refusal.Reason, $"{message}.", Known(refusal.RetryAfter)) { PredictedDuration = Known(refusal.PredictedDuration) };
    }

    private static TimeSpan? Known(long ticks) => ticks > 0 ? TimeSpan.FromTicks(ticks) : null;
}
