namespace EdgeAI.Scheduling;

/// <summary>How a lane's run went.</summary>
/// <param name="RunTicks">Its duration; 0 where it failed or was cut into smaller ones.</param>
/// <param name="Memory">Whether there was memory for so many rows.</param>
internal readonly record struct BatchOutcome(long RunTicks, MemoryVerdict Memory = MemoryVerdict.Sufficient);
