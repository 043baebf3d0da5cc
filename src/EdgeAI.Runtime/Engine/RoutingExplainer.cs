using System.Globalization;
using EdgeAI.Batching;
using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Evaluation;
using EdgeAI.Leases;
using EdgeAI.Profiling;
using EdgeAI.Routing;
using EdgeAI.Scheduling;
using EdgeAI.Sessions;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Engine;

/// <summary>
/// Asks the router that the scheduler asks, about lanes as they are when a model was just opened on every device that it would be opened on: idle, with nothing known but what the device's profile
/// predicts. What other models and leases hold of the devices counts.
/// </summary>
internal sealed class RoutingExplainer(
    Func<CancellationToken, ValueTask<DeviceSet>> devices, DeviceBudgets budgets, RoutingPolicies policies, DeviceProfiles profiles, ILatencyPredictor predictor, EdgeAIOptions options, Clock clock, ILogger logger) : IRoutingExplainer
{
    public async ValueTask<RoutingExplanation> ExplainAsync(ModelDescriptor model, ModelOptions? modelOptions = null, IReadOnlyDictionary<string, nint[]>? inputLengths = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(model);
        var settings = ModelSettings.From(modelOptions ?? new ModelOptions(), options);
        var policy = policies.For(settings, model.Id, logger);
        var choice = DeviceChoice.Make(await devices(cancellationToken).ConfigureAwait(false), model, settings.DeviceId, cpuFirst: settings.MaxDevices != 1);
        Candidate[] candidates = [.. choice.Order.Concat(choice.Declined).Select(device => Look(device, choice.SupportOf(device), model, inputLengths))];
        var serving = Admit(choice, candidates, model, settings);
        var router = new Router(policy);
        var shape = new ShapeGroup(layout: null);
        var now = clock.Now;
        List<LaneSet> sets = [.. serving.Select(candidate => Open(candidate, settings))];
        var chosen = sets.Count == 0 ? null : router.Choose(new Question { Shape = shape }, sets, new WorkQueue(options.AgingPeriod.Ticks), now)?.DeviceId;
        var considered = router.Considered.ToArray().ToDictionary(option => option.DeviceId, StringComparer.Ordinal);
        return new RoutingExplanation(policy.Name, chosen, [.. candidates.Select(candidate => Explain(candidate, considered, chosen, policy.Name))]);
    }

    private Candidate Look(IDevice device, DeviceSupport support, ModelDescriptor model, IReadOnlyDictionary<string, nint[]>? inputLengths)
    {
        var snapshot = new DeviceSnapshot(device.Info, profiles.Find(device.Info), device.GetStatus());
        return new Candidate(device, support, snapshot.Status, support.Level == DeviceSupportLevel.None ? LatencyPrediction.None(support.Reason ?? "it cannot run the model") : predictor.Predict(model, inputLengths, snapshot));
    }

    /// <summary>Those that the model would be opened on; the others are told why not.</summary>
    private List<Candidate> Admit(DeviceChoice choice, Candidate[] candidates, ModelDescriptor model, ModelSettings settings)
    {
        var admitted = new List<Candidate>();
        foreach (var candidate in candidates)
        {
            candidate.Refusal = candidate.Support.Level == DeviceSupportLevel.None ? candidate.Prediction.Reason
                : admitted.Count > 0 && settings.DeviceId is not null ? $"the model's options allow {settings.DeviceId} alone"
                : admitted.Count > 0 && !choice.MayJoin(candidate.Device) ? $"it runs only part of the model ({candidate.Support.Reason}), and another can run it"
                : admitted.Count >= settings.MaxDevices ? string.Create(CultureInfo.InvariantCulture, $"ModelOptions.MaxDevices is {settings.MaxDevices}")
                : FindShortage(candidate, model, settings);
            if (candidate.Refusal is null) admitted.Add(candidate);
        }

        return admitted;
    }

    private string? FindShortage(Candidate candidate, ModelDescriptor model, ModelSettings settings)
    {
        var bytes = PlannedLanes.BytesFor(model, LanePlan.For(candidate.Device.Info, settings));
        var available = budgets.For(candidate.Device.Info).Memory.Available;
        if (available < bytes) return string.Create(CultureInfo.InvariantCulture, $"its weights take {bytes} bytes and the memory budget has {available} left");

        // A processor's memory is the host's, which the budget looks after.
        return candidate.Device.Info.Kind != DeviceKind.Cpu && candidate.Status.FreeMemoryBytes is { } free && free < bytes
            ? string.Create(CultureInfo.InvariantCulture, $"its weights take {bytes} bytes and the device has {free} free")
            : null;
    }

    private LaneSet Open(Candidate candidate, ModelSettings settings)
    {
        var info = candidate.Device.Info;
        var plan = LanePlan.For(info, settings);
        var set = new LaneSet(info.Id, new WorkQueue(options.AgingPeriod.Ticks)) { Status = candidate.Status, PresumedTicks = candidate.Prediction.Expected?.Ticks ?? 0 };
        var group = DeviceLanes.CreateGroup(info.Id, plan, budgets.For(info).Cores, acceptsUnpinned: true, settings.MaxBatch, minConcurrency: 1);
        set.Add(group, clock.Now);
        for (var i = 0; i < plan.Lanes; i++)
        {
            var lane = new Lane(group);
            group.Lanes.Add(lane);
            set.AddIdle(lane);
        }

        return set;
    }

    private static ExplainedCandidate Explain(Candidate candidate, Dictionary<string, RoutingOption> considered, string? chosen, string policy)
    {
        var id = candidate.Device.Info.Id;
        var option = considered.TryGetValue(id, out var shown) ? shown : (RoutingOption?)null;
        string[] clauses =
        [
            candidate.Refusal ?? (option is null ? "it is failing, and another is not" : considered.Count == 1 ? "it is the only one that can take it" : chosen == id ? $"{policy} chose it" : $"{policy} chose {chosen}"),
            .. candidate.Refusal is null ? [candidate.Prediction.Reason] : Array.Empty<string>(),
            .. option is null ? [] : Describe(option.Value),
        ];
        return new ExplainedCandidate(id, candidate.Support, candidate.Prediction, option, string.Join("; ", clauses));
    }

    /// <summary>What of the device's state a policy may have looked at.</summary>
    private static IEnumerable<string> Describe(RoutingOption option)
    {
        var status = option.Status;
        if (option.Wait > TimeSpan.Zero) yield return string.Create(CultureInfo.InvariantCulture, $"others hold its cores for {option.Wait.TotalMilliseconds:G3} ms more");
        if (status.IsThrottled == true) yield return "it is throttled";
        if (status is { TemperatureCelsius: { } celsius, TemperatureLimitCelsius: { } limit }) yield return string.Create(CultureInfo.InvariantCulture, $"at {celsius:F0} of {limit:F0} degrees");
        if (status.Health is DeviceHealth.Degraded or DeviceHealth.Failed) yield return $"its health is {status.Health}";
    }

    private sealed record Candidate(IDevice Device, DeviceSupport Support, DeviceStatus Status, LatencyPrediction Prediction)
    {
        /// <summary>Why the model would not be opened there; <see langword="null"/> where it would.</summary>
        public string? Refusal { get; set; }
    }

    /// <summary>A lane that never gets work.</summary>
    private sealed class Lane(LaneGroup group) : LaneSlot(group)
    {
        public override void Wake()
        {
        }

        public override void Interrupt(long startedAt)
        {
        }

        public override void Retire()
        {
        }
    }

    /// <summary>A request that nobody waits for.</summary>
    private sealed class Question : WorkItem
    {
        public override void Reject(in Refusal refusal)
        {
        }

        public override void Cancel()
        {
        }

        public override void Abandon(Exception reason)
        {
        }
    }
}
