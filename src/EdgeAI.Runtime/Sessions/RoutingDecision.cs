using EdgeAI.Requests;

namespace EdgeAI.Sessions;

/// <summary>Why a model's requests run on a device: decided when the model is opened there, noted on every answer.</summary>
internal sealed class RoutingDecision(string deviceId, string reason, IReadOnlyList<RoutingCandidate> candidates)
{
    public string DeviceId { get; } = deviceId;

    public string Reason { get; } = reason;

    public RoutingRecord Record(InferenceWork work, TimeSpan actual) =>
        new(DeviceId, work.DeviceId is null ? Reason : "the request names this device", candidates, work.Predicted is { } ticks ? TimeSpan.FromTicks(ticks) : null, actual);
}
