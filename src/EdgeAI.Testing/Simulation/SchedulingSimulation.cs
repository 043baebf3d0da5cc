namespace EdgeAI.Testing;

/// <summary>
/// Runs scenarios through the engine's own scheduler on virtual time: the decisions are those of production, while time, devices and callers are played. A scenario
/// of seconds takes milliseconds, needs no thread, and gives the same results for the same seed.
/// </summary>
/// <remarks>
/// What a request costs the engine itself, a few microseconds, is not played: callers and lanes react at once. A lane that was lost is replaced at once.
/// </remarks>
public static class SchedulingSimulation
{
    /// <summary>Plays a scenario to its end: requests are sent as the options say, and each is followed to its outcome. Thread-safe.</summary>
    /// <exception cref="ArgumentException">Options are out of range; the message lists all that are.</exception>
    public static SimulationResult Run(SimulationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        return new SimulationLoop(options).Run();
    }
}
