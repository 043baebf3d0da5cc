using System.Globalization;

namespace EdgeAI.Configuration;

/// <summary>A copy of <see cref="ModelOptions"/> taken when a model is loaded, completed with the engine's defaults.</summary>
internal sealed record ModelSettings
{
    public required IReadOnlyList<string> ExternalDataRoots { get; init; }

    public required string? DeviceId { get; init; }

    public required int? MaxDevices { get; init; }

    public required double? ParityTolerance { get; init; }

    public required string? RoutingPolicy { get; init; }

    public required int? Lanes { get; init; }

    public required int? ThreadsPerLane { get; init; }

    public required int MaxQueueLength { get; init; }

    public required TimeSpan? DefaultDeadline { get; init; }

    public required IReadOnlyDictionary<string, int> BatchAxes { get; init; }

    public required IReadOnlyDictionary<string, AxisPadding> Padding { get; init; }

    public required int? MaxBatch { get; init; }

    public required ServingGoal Goal { get; init; }

    public required BatchWait BatchWait { get; init; }

    public required string? BatchingPolicy { get; init; }

    public required TimeSpan MaxBatchWait { get; init; }

    public required IReadOnlyList<IReadOnlyDictionary<string, long[]>> ProfileShapes { get; init; }

    public required TimeSpan MaxQueueDelay { get; init; }

    public required TimeSpan RunTimeout { get; init; }

    public required bool WarmUp { get; init; }

    public required IReadOnlyDictionary<string, long> FreeDimensionOverrides { get; init; }

    public required IReadOnlyDictionary<string, string> SessionSettings { get; init; }

    public static ModelSettings From(ModelOptions options, EdgeAIOptions engine) => new()
    {
        ExternalDataRoots = [.. options.ExternalDataRoots],
        DeviceId = options.DeviceId,
        MaxDevices = options.MaxDevices,
        ParityTolerance = options.ParityTolerance,
        RoutingPolicy = options.RoutingPolicy,
        Lanes = options.Lanes,
        ThreadsPerLane = options.ThreadsPerLane,
        MaxQueueLength = options.MaxQueueLength ?? engine.MaxQueueLength,
        DefaultDeadline = options.DefaultDeadline,
        BatchAxes = new Dictionary<string, int>(options.BatchAxes, StringComparer.Ordinal),
        Padding = new Dictionary<string, AxisPadding>(options.Padding, StringComparer.Ordinal),
        MaxBatch = options.MaxBatch,
        Goal = options.Goal,
        BatchWait = options.BatchWait,
        BatchingPolicy = options.BatchingPolicy,
        MaxBatchWait = options.MaxBatchWait,
        ProfileShapes = [.. options.ProfileShapes.Select(shapes => new Dictionary<string, long[]>(shapes, StringComparer.Ordinal))],
        MaxQueueDelay = options.MaxQueueDelay ?? engine.MaxQueueDelay,
        RunTimeout = options.RunTimeout ?? engine.RunTimeout,
        WarmUp = options.WarmUp,
        FreeDimensionOverrides = new Dictionary<string, long>(options.FreeDimensionOverrides, StringComparer.Ordinal),
        SessionSettings = new Dictionary<string, string>(options.SessionSettings, StringComparer.Ordinal),
    };

    /// <summary>Equal for settings under which a loaded model can be shared.</summary>
    public string Fingerprint => string.Join('\n',
    [
        string.Create(CultureInfo.InvariantCulture, $"{DeviceId}|{MaxDevices}|{ParityTolerance}|{RoutingPolicy}|{Lanes}|{ThreadsPerLane}|{MaxQueueLength}|{DefaultDeadline}|{WarmUp}|{MaxBatch}|{Goal}|{BatchWait}|{BatchingPolicy}|{MaxBatchWait}|{MaxQueueDelay}|{RunTimeout}"),
        .. BatchAxes.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => string.Create(CultureInfo.InvariantCulture, $"batch axis {b.Key}={b.Value}")),
        .. Padding.OrderBy(b => b.Key, StringComparer.Ordinal).Select(b => string.Create(CultureInfo.InvariantCulture, $"padding {b.Key}={b.Value}")),
        .. ProfileShapes.Select(shapes => string.Join(',', shapes.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key}={string.Join('x', s.Value)}"))),
        .. ExternalDataRoots.Select(root => $"root {root}"),
        .. FreeDimensionOverrides.OrderBy(o => o.Key, StringComparer.Ordinal).Select(o => string.Create(CultureInfo.InvariantCulture, $"dimension {o.Key}={o.Value}")),
        .. SessionSettings.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"setting {s.Key}={s.Value}"),
    ]);
}
