namespace EdgeAI;

/// <summary>A device as a routing policy sees it.</summary>
public readonly record struct RoutingOption
{
    /// <summary>The device.</summary>
    public string DeviceId { get; init; }

    /// <summary>Lanes that are free now, with the cores that they need.</summary>
    public int IdleLanes { get; init; }

    /// <summary>Lanes in all.</summary>
    public int Lanes { get; init; }

    /// <summary>Rows of this model that run there now.</summary>
    public int RunningRows { get; init; }

    /// <summary>Rows that the next run there would take of those that wait.</summary>
    public int Rows { get; init; }

    /// <summary>Time until a lane is free and nobody else, such as another model or a chat, holds its cores; zero where that is so now.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Predicted duration of the next run, copies to the device and back included; <see langword="null"/> where nothing is known of the device yet.</summary>
    public TimeSpan? Run { get; init; }

    /// <summary>Predicted time until the device alone would have run everything that waits and may run there; <see langword="null"/> where nothing is known of the device yet.</summary>
    public TimeSpan? Drain { get; init; }

    /// <summary>What the device last told of itself; <see langword="default"/> where it has not been asked.</summary>
    public DeviceStatus Status { get; init; }

    /// <summary>When the next run there is predicted to end; <see langword="null"/> where nothing is known of the device yet.</summary>
    public TimeSpan? Finish => Run is { } run ? Wait + run : null;
}
