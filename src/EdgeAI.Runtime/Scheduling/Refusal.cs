namespace EdgeAI.Scheduling;

/// <summary>Why an item is not run.</summary>
/// <param name="Reason">The reason.</param>
/// <param name="RetryAfter">Ticks until another try makes sense; 0 where unknown.</param>
/// <param name="PredictedDuration">Ticks until it would have been answered; 0 where that is not the reason.</param>
/// <param name="Fault">Why its device can run nothing any more; <see langword="null"/>: that is not the reason.</param>
internal readonly record struct Refusal(RejectionReason Reason, long RetryAfter = 0, long PredictedDuration = 0, DeviceFaultException? Fault = null);
