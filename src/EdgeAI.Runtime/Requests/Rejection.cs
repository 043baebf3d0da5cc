namespace EdgeAI.Requests;

/// <summary>The words of a rejection.</summary>
internal static class Rejection
{
    public static RequestRejectedException Create(string modelId, RejectionReason reason, long retryAfterTicks = 0)
    {
        var retryAfter = retryAfterTicks > 0 ? TimeSpan.FromTicks(retryAfterTicks) : (TimeSpan?)null;
        var message = reason switch
        {
            RejectionReason.QueueFull => $"{modelId}: the queue is full; retry later, send fewer requests at once, or raise ModelOptions.MaxQueueLength",
            RejectionReason.DeadlineExceeded => $"{modelId}: the deadline passed before the request could run; allow more time or send fewer requests at once",
            RejectionReason.DeadlineInfeasible => $"{modelId}: the answer cannot be ready before the deadline; allow more time or send fewer requests at once",
            _ => $"{modelId}: the model is shutting down and takes no more requests",
        };
        return new RequestRejectedException(reason, $"{message}.", retryAfter);
    }
}
