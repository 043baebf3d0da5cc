namespace EdgeAI;

/// <summary>A device that was considered for a model.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Support">How much of the model it can run, and why not all of it.</param>
/// <param name="PredictedFinish">When it was expected to answer, counted from the decision; <see langword="null"/> where unknown.</param>
public sealed record RoutingCandidate(string DeviceId, Devices.DeviceSupport Support, TimeSpan? PredictedFinish = null);
