namespace EdgeAI.Scheduling;

/// <summary>The bounds of one scheduler.</summary>
/// <param name="MaxQueueLength">Items that may wait.</param>
/// <param name="AgingPeriod">Ticks of waiting that are worth one priority level.</param>
internal sealed record SchedulerLimits(int MaxQueueLength, long AgingPeriod);
