namespace EdgeAI.Devices;

/// <summary>How a device opens a model. Immutable.</summary>
public sealed record DeviceSessionOptions
{
    /// <summary>Threads that one run may use, 1 or more. Devices without threads ignore it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Lanes that serve the model with so many threads each, 1 or more; this session serves as many of them as <see cref="IDeviceSession.MaxConcurrentRuns"/> allows. Devices that place no threads ignore it.</summary>
    public int Lanes { get; init; } = 1;

    /// <summary>Fixed lengths for symbolic axes, by the symbol's name.</summary>
    public IReadOnlyDictionary<string, long> FreeDimensionOverrides { get; init; } = new Dictionary<string, long>();

    /// <summary>Raw settings by the runtime's own keys. Devices ignore keys of other runtimes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
