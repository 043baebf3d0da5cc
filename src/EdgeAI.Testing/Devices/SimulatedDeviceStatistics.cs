namespace EdgeAI.Testing;

/// <summary>What a simulated device has counted, at one moment. Immutable.</summary>
public sealed record SimulatedDeviceStatistics
{
    /// <summary>Sessions that were asked for, failures included.</summary>
    public long Openings { get; init; }

    /// <summary>Sessions that are open.</summary>
    public int OpenSessions { get; init; }

    /// <summary>Bindings that are not disposed.</summary>
    public int LiveBindings { get; init; }

    /// <summary>Runs that began.</summary>
    public long RunsStarted { get; init; }

    /// <summary>Runs that gave outputs, garbage included.</summary>
    public long RunsCompleted { get; init; }

    /// <summary>Runs that threw anything but a cancellation.</summary>
    public long RunsFailed { get; init; }

    /// <summary>Runs that their token stopped.</summary>
    public long RunsCancelled { get; init; }

    /// <summary>Runs that began and have not ended.</summary>
    public int InFlight { get; init; }

    /// <summary>The most runs that were ever in flight at once.</summary>
    public int MaxInFlight { get; init; }

    /// <summary>Runs, openings and copies that wait for time to pass, their timers set, or that hang. Advancing virtual time reaches exactly these.</summary>
    public int Waiting { get; init; }

    /// <summary>How many runs began with each batch size.</summary>
    public IReadOnlyDictionary<int, long> BatchSizes { get; init; } = new Dictionary<int, long>();

    /// <summary>Bytes in use: buffers not yet freed, and weights of open sessions.</summary>
    public long LiveBytes { get; init; }

    /// <summary>The most bytes that were ever in use at once.</summary>
    public long PeakBytes { get; init; }

    /// <summary>All bytes ever taken.</summary>
    public long AllocatedBytes { get; init; }

    /// <summary>Energy drawn since the device was made, in joules; <see langword="null"/> where power is not modelled.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Buffers not yet freed.</summary>
    public int LiveBuffers { get; init; }
}
