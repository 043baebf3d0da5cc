namespace EdgeAI;

/// <summary>A device that was looked at for a model, and what became of it. Immutable.</summary>
/// <param name="DeviceId">The device.</param>
/// <param name="Support">How much of the model it can run.</param>
/// <param name="Prediction">How long a run is expected to take there.</param>
/// <param name="Option">What the policy was shown of it; <see langword="null"/> where it was not offered.</param>
/// <param name="Reason">Why it was chosen or not, as a clause.</param>
public sealed record ExplainedCandidate(string DeviceId, Devices.DeviceSupport Support, LatencyPrediction Prediction, RoutingOption? Option, string Reason);
