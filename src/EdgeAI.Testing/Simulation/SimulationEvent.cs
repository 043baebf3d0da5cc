namespace EdgeAI.Testing;

/// <summary>Something that happens at a time of a simulation.</summary>
/// <param name="Time">Ticks from its start.</param>
/// <param name="Kind">What happens.</param>
/// <param name="Subject">The lane, source or item concerned.</param>
/// <param name="Stamp">What the subject's counter was when this was foreseen: another value now means that it does not happen.</param>
internal readonly record struct SimulationEvent(long Time, SimulationEventKind Kind, object? Subject = null, int Stamp = 0);
