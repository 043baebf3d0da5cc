namespace EdgeAI.Scheduling;

/// <summary>Whether an item can be accepted. Pure. Times are ticks.</summary>
internal static class Admission
{
    /// <summary>When an item's run can begin and end, counted from now.</summary>
    /// <param name="untilFree">Time until a lane is free.</param>
    /// <param name="workBefore">Predicted work of the items that go first, on one lane.</param>
    /// <param name="lanes">Lanes that share it, 1 or more; those of slower devices count in part.</param>
    /// <param name="run">Upper prediction of the run that the item will be part of.</param>
    /// <param name="sharedWork">What of <paramref name="workBefore"/> that run does.</param>
    public static Forecast Predict(long untilFree, long workBefore, double lanes, long run, long sharedWork)
    {
        var wait = untilFree + (long)(Math.Max(0, workBefore - sharedWork) / lanes);
        return new Forecast(wait, wait + run);
    }

    /// <summary>The refusal, or <see langword="null"/> to accept.</summary>
    /// <param name="forecast">When it would run.</param>
    /// <param name="timeLeft">Time until its deadline; <see cref="long.MaxValue"/> where it has none.</param>
    /// <param name="maxQueueDelay">The longest wait that is accepted.</param>
    public static Refusal? Check(Forecast forecast, long timeLeft, long maxQueueDelay)
    {
        if (forecast.Finish > timeLeft) return new Refusal(RejectionReason.DeadlineInfeasible, Math.Min(forecast.Wait, forecast.Finish - timeLeft), forecast.Finish);
        if (forecast.Wait > maxQueueDelay) return new Refusal(RejectionReason.QueueFull, forecast.Wait - maxQueueDelay, forecast.Finish);
        return null;
    }
}
