namespace EdgeAI;

/// <summary>What one request experienced.</summary>
/// <param name="DeviceId">The device that answered.</param>
/// <param name="BatchSize">Requests that shared the run, 1 or more.</param>
/// <param name="Queued">From acceptance until a lane took it.</param>
/// <param name="Executed">The run itself, copies included.</param>
public readonly record struct InferenceTimings(string DeviceId, int BatchSize, TimeSpan Queued, TimeSpan Executed);
