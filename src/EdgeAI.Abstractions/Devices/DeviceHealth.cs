namespace EdgeAI;

/// <summary>Whether a device can be trusted with work.</summary>
public enum DeviceHealth
{
    /// <summary>Nothing is known yet.</summary>
    Unknown,

    /// <summary>It answers.</summary>
    Healthy,

    /// <summary>It answers, but slower than it should or after faults.</summary>
    Degraded,

    /// <summary>It has failed and gets no work.</summary>
    Failed,
}
