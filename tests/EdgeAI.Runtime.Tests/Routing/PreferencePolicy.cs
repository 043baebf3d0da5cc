namespace EdgeAI.Routing;

/// <summary>Chooses the device that a test says, the first where that one is not among them.</summary>
internal sealed class PreferencePolicy(string deviceId) : IRoutingPolicy
{
    public string Name => "preference";

    public string DeviceId { get; set; } = deviceId;

    /// <summary>For requests with a deadline; <see langword="null"/>: the same.</summary>
    public string? UrgentDeviceId { get; set; }

    public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
    {
        var wanted = query.TimeToDeadline is null ? DeviceId : UrgentDeviceId ?? DeviceId;
        for (var i = 0; i < options.Length; i++)
        {
            if (options[i].DeviceId == wanted) return i;
        }

        return 0;
    }
}
