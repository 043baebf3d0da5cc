namespace EdgeAI.Testing;

internal enum SimulationEventKind
{
    /// <summary>A source of traffic sends its next request.</summary>
    Arrival,

    /// <summary>A lane's run ends.</summary>
    RunEnd,

    /// <summary>A caller gives its request up.</summary>
    Cancellation,

    /// <summary>The driver's timer for deadlines and hung runs is due.</summary>
    Timer,

    /// <summary>A lane's wait for more requests is over.</summary>
    WaitEnd,

    /// <summary>A lane that was lost gets its successor.</summary>
    Replacement,
}
