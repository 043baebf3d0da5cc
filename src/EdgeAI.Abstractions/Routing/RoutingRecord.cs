namespace EdgeAI;

/// <summary>Why a batch ran on the device it ran on. Immutable; shared by all requests of the batch.</summary>
public sealed class RoutingRecord
{
    /// <summary>Creates a record.</summary>
    public RoutingRecord(string deviceId, string reason, IReadOnlyList<RoutingCandidate> candidates, TimeSpan? predicted, TimeSpan actual)
    {
        DeviceId = deviceId;
        Reason = reason;
        Candidates = candidates;
        Predicted = predicted;
        Actual = actual;
    }

    /// <summary>The device that ran the batch.</summary>
    public string DeviceId { get; }

    /// <summary>Why it was chosen, in a few words.</summary>
    public string Reason { get; }

    /// <summary>Every device that was considered.</summary>
    public IReadOnlyList<RoutingCandidate> Candidates { get; }

    /// <summary>The run's predicted duration; <see langword="null"/> before anything was measured.</summary>
    public TimeSpan? Predicted { get; }

    /// <summary>The run's duration.</summary>
    public TimeSpan Actual { get; }
}
