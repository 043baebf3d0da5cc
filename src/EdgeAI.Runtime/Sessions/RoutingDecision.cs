namespace EdgeAI.Sessions;

/// <summary>Why a model's requests run on a device: decided when the model is opened there, and for each batch where it is open on several; noted on every answer.</summary>
internal sealed class RoutingDecision(string deviceId, string reason, IReadOnlyList<RoutingCandidate> candidates)
{
    private Chosen? _reason;

    public string DeviceId { get; } = deviceId;

    public string Reason { get; } = reason;

    /// <summary>The record of one run, viewed by all of its answers.</summary>
    /// <param name="isPinned">Whether the requests name the device.</param>
    /// <param name="failedOn">Where the requests have failed before; <see langword="null"/> where they have not.</param>
    /// <param name="predicted">Ticks; 0 where nothing was known.</param>
    /// <param name="actual">The run's duration.</param>
    /// <param name="considered">The devices among which it was routed; empty where there was no choice.</param>
    /// <param name="policy">Who chose among them.</param>
    public RoutingRecord Record(bool isPinned, string? failedOn, long predicted, TimeSpan actual, ReadOnlySpan<RoutingOption> considered, string policy) => new(
        DeviceId,
        isPinned ? "the request names this device" : failedOn is not null ? $"it failed on {failedOn}" : considered.IsEmpty ? Reason : ReasonOf(policy),
        considered.IsEmpty ? candidates : Describe(considered),
        predicted > 0 ? TimeSpan.FromTicks(predicted) : null,
        actual);

    private string ReasonOf(string policy) => _reason is { } known && known.Policy == policy ? known.Text : (_reason = new Chosen(policy, $"{policy} chose it")).Text;

    private RoutingCandidate[] Describe(ReadOnlySpan<RoutingOption> considered)
    {
        var described = new RoutingCandidate[considered.Length];
        for (var i = 0; i < described.Length; i++) described[i] = new RoutingCandidate(considered[i].DeviceId, SupportOf(considered[i].DeviceId), considered[i].Finish);
        return described;
    }

    private Devices.DeviceSupport SupportOf(string deviceId)
    {
        foreach (var candidate in candidates)
        {
            if (candidate.DeviceId == deviceId) return candidate.Support;
        }

        return Devices.DeviceSupport.Full;
    }

    private sealed record Chosen(string Policy, string Text);
}
