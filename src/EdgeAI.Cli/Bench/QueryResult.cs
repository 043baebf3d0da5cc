namespace EdgeAI.Cli.Bench;

/// <summary>How one query ended.</summary>
/// <param name="DeviceId">Where it ran; <see langword="null"/> where it failed.</param>
/// <param name="BatchSize">Requests that shared the run.</param>
/// <param name="Error">Why it failed; <see langword="null"/> where it was answered.</param>
internal readonly record struct QueryResult(string? DeviceId, int BatchSize, Exception? Error = null);
