namespace EdgeAI;

/// <summary>What a routing policy is asked.</summary>
/// <param name="QueuedRows">Rows that wait and may run on any of the devices.</param>
/// <param name="TimeToDeadline">Time until the most urgent request has to be answered; <see langword="null"/> where it has no deadline.</param>
/// <param name="Previous">The option that the last such decision chose; -1 where it is not among them.</param>
public readonly record struct RoutingQuery(int QueuedRows, TimeSpan? TimeToDeadline, int Previous);
