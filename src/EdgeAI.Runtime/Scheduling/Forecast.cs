namespace EdgeAI.Scheduling;

/// <summary>What an item has to expect, in ticks from now.</summary>
/// <param name="Wait">Until its run begins.</param>
/// <param name="Finish">Until its run ends, with a margin.</param>
internal readonly record struct Forecast(long Wait, long Finish);
