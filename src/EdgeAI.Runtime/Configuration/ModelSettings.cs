using System.Globalization;

namespace EdgeAI.Configuration;

/// <summary>A copy of <see cref="ModelOptions"/> taken when a model is loaded, completed with the engine's defaults.</summary>
internal sealed record ModelSettings
{
    public required IReadOnlyList<string> ExternalDataRoots { get; init; }

    public required string? DeviceId { get; init; }

    public required int? Lanes { get; init; }

    public required int? ThreadsPerLane { get; init; }

    public required int MaxQueueLength { get; init; }

    public required TimeSpan? DefaultDeadline { get; init; }

    public required bool WarmUp { get; init; }

    public required IReadOnlyDictionary<string, long> FreeDimensionOverrides { get; init; }

    public required IReadOnlyDictionary<string, string> SessionSettings { get; init; }

    public static ModelSettings From(ModelOptions options, EdgeAIOptions engine) => new()
    {
        ExternalDataRoots = [.. options.ExternalDataRoots],
        DeviceId = options.DeviceId,
        Lanes = options.Lanes,
        ThreadsPerLane = options.ThreadsPerLane,
        MaxQueueLength = options.MaxQueueLength ?? engine.MaxQueueLength,
        DefaultDeadline = options.DefaultDeadline,
        WarmUp = options.WarmUp,
        FreeDimensionOverrides = new Dictionary<string, long>(options.FreeDimensionOverrides, StringComparer.Ordinal),
        SessionSettings = new Dictionary<string, string>(options.SessionSettings, StringComparer.Ordinal),
    };

    /// <summary>Equal for settings under which a loaded model can be shared.</summary>
    public string Fingerprint => string.Join('\n',
    [
        string.Create(CultureInfo.InvariantCulture, $"{DeviceId}|{Lanes}|{ThreadsPerLane}|{MaxQueueLength}|{DefaultDeadline}|{WarmUp}"),
        .. ExternalDataRoots.Select(root => $"root {root}"),
        .. FreeDimensionOverrides.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => string.Create(CultureInfo.InvariantCulture, $"dimension {o.Key}={o.Value}")),
        .. SessionSettings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"setting {s.Key}={s.Value}"),
    ]);
}
