namespace EdgeAI.Devices;

/// <summary>How a device opens a model. Immutable.</summary>
public sealed record DeviceSessionOptions
{
    /// <summary>Threads that one run may use, 1 or more. Devices without threads ignore it.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Fixed lengths for symbolic axes, by the symbol's name.</summary>
    public IReadOnlyDictionary<string, long> FreeDimensionOverrides { get; init; } = new Dictionary<string, long>();

    /// <summary>Raw settings by the runtime's own keys. Devices ignore keys of other runtimes.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();
}
