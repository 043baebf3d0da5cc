using EdgeAI.Configuration;

namespace EdgeAI.Testing;

/// <summary>A scenario: the settings to try, simulated lanes, and traffic. Read when a simulation starts; may be used for any number of them.</summary>
public sealed class SimulationOptions
{
    /// <summary>The engine's settings: queue, ageing, timeouts and lost lanes count. Default: those of the engine.</summary>
    public EdgeAIOptions Engine { get; init; } = new();

    /// <summary>The model's settings: queue, deadline, batching and timeouts count. Default: those of the engine.</summary>
    public ModelOptions Model { get; init; } = new();

    /// <summary>A batching policy to try; <see langword="null"/> (default) takes the one that <see cref="ModelOptions.BatchWait"/> means.</summary>
    public IBatchingPolicy? Policy { get; set; }

    /// <summary>
    /// Decides among the devices of the plans; <see langword="null"/> (default): <see cref="RoutingPolicyNames.EarliestFinish"/>. One that keeps state of its own is used by one simulation at a time.
    /// </summary>
    public IRoutingPolicy? Routing { get; set; }

    /// <summary>The lanes, at least one plan.</summary>
    public IList<SimulatedPlan> Plans { get; } = [];

    /// <summary>The traffic, at least one kind.</summary>
    public IList<SimulatedTraffic> Traffic { get; } = [];

    /// <summary>How many requests are sent in all, 1 or more; <see langword="null"/> (default): as many as <see cref="Duration"/> permits.</summary>
    public long? Requests { get; set; }

    /// <summary>How long requests are sent, more than zero; <see langword="null"/> (default): until <see cref="Requests"/> were sent.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Time at the start that latencies, throughput and prediction errors leave out, zero or more. Default: zero.</summary>
    public TimeSpan WarmUp { get; set; }

    /// <summary>The length of the slices of time in which <see cref="SimulatedPlanResult.AnsweredBySlice"/> counts, more than zero; <see langword="null"/> (default): nothing is counted by time.</summary>
    public TimeSpan? Slice { get; set; }

    /// <summary>The same seed gives the same results, on every machine. Default: 1.</summary>
    public int Seed { get; set; } = 1;

    /// <exception cref="ArgumentException">Something is out of range; the message lists everything that is.</exception>
    internal void Check()
    {
        var errors = ModelOptionsValidator.Check(Model);
        if (new EdgeAIOptionsValidator().Validate(null, Engine) is { Failed: true, Failures: { } failures }) errors.AddRange(failures);
        if (Plans.Count == 0) errors.Add("SimulationOptions.Plans is empty.");
        if (Traffic.Count == 0) errors.Add("SimulationOptions.Traffic is empty.");
        for (var i = 0; i < Plans.Count; i++) Plans[i].Check($"Plans[{i}]", errors);
        for (var i = 0; i < Traffic.Count; i++) Traffic[i].Check($"Traffic[{i}]", errors);
        foreach (var device in Plans.GroupBy(plan => plan.DeviceId, StringComparer.Ordinal))
        {
            if (device.Select(plan => plan.DeviceCores).Distinct().Count() > 1) errors.Add($"The plans of {device.Key} differ in DeviceCores.");
        }

        foreach (var traffic in Traffic)
        {
            if (traffic.DeviceId is { } id && !Plans.Any(plan => plan.DeviceId == id)) errors.Add($"The traffic '{traffic.Name}' names {id}, which no plan is on.");
        }

        if (Requests < 1) errors.Add($"SimulationOptions.Requests is {Requests}; it must be 1 or more, or null.");
        if (Duration <= TimeSpan.Zero) errors.Add($"SimulationOptions.Duration is {Duration}; it must be more than zero, or null.");
        if (Requests is null && Duration is null && Traffic.Any(traffic => traffic.Pattern is not TrafficPattern.Trace)) errors.Add("Set SimulationOptions.Requests or Duration: the traffic has no end by itself.");
        if (WarmUp < TimeSpan.Zero) errors.Add($"SimulationOptions.WarmUp is {WarmUp}; it must be zero or more.");
        if (Slice <= TimeSpan.Zero) errors.Add($"SimulationOptions.Slice is {Slice}; it must be more than zero, or null.");
        if (errors.Count > 0) throw new ArgumentException(string.Join(Environment.NewLine, errors));
    }
}
