namespace EdgeAI.Sessions;

/// <summary>Why a model's requests run on a device: decided when the model is opened there, noted on every answer.</summary>
internal sealed class RoutingDecision(string deviceId, string reason, IReadOnlyList<RoutingCandidate> candidates)
{
    public string DeviceId { get; } = deviceId;

    public string Reason { get; } = reason;

    /// <summary>The record of one run, viewed by all of its answers.</summary>
    /// <param name="isPinned">Whether the requests name the device.</param>
    /// <param name="predicted">Ticks; 0 where nothing was known.</param>
    /// <param name="actual">The run's duration.</param>
    public RoutingRecord Record(bool isPinned, long predicted, TimeSpan actual) =>
        new(DeviceId, isPinned ? "the request names this device" : Reason, candidates, predicted > 0 ? TimeSpan.FromTicks(predicted) : null, actual);
}
