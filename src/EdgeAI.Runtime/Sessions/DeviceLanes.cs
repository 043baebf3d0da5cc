using EdgeAI.Devices;
using EdgeAI.Diagnostics;
using EdgeAI.Leases;
using EdgeAI.Profiling;
using EdgeAI.Scheduling;

namespace EdgeAI.Sessions;

/// <summary>A model open on one device, under one plan or several that suit different loads. Thread-safe.</summary>
internal sealed class DeviceLanes
{
    private readonly ModelContext _model;
    private readonly RoutingDecision _routing;
    private readonly DeviceBudget _budget;
    private readonly Lock _gate = new();
    private readonly List<PlannedLanes> _plans = [];
    private bool _acceptsUnpinned;
    private int _lost;

    private DeviceLanes(ModelContext model, IDevice device, RoutingDecision routing, DeviceBudget budget, PlannedLanes first)
    {
        _model = model;
        Device = device;
        _routing = routing;
        _budget = budget;
        _plans.Add(first);
    }

    public IDevice Device { get; }

    public string DeviceId => Device.Info.Id;

    public int BusyCount => Plans().Sum(plan => plan.BusyCount);

    public static async Task<DeviceLanes> OpenAsync(
        ModelContext model,
        IDevice device,
        RoutingDecision routing,
        DeviceBudget budget,
        IProgress<ModelLoadProgress>? progress,
        CancellationToken cancellationToken)
    {
        var plan = LanePlan.For(device.Info, model.Settings);
        if (model.Settings.WarmUp) progress?.Report(new(model.ModelId, ModelLoadStage.WarmingUp, device.Info.Id));
        var lanes = await PlannedLanes.OpenAsync(model, device, budget, plan, routing, model.Settings.WarmUp, cancellationToken).ConfigureAwait(false);
        Log.ModelLoaded(model.Logger, model.ModelId, device.Info.Id, plan.Lanes, plan.Threads, routing.Reason);
        return new DeviceLanes(model, device, routing, budget, lanes) { FirstPlan = plan };
    }

    /// <summary>Starts the lanes' threads and hands them to the scheduler.</summary>
    /// <param name="acceptsUnpinned">Whether they take requests that name no device.</param>
    public async Task StartAsync(bool acceptsUnpinned)
    {
        _acceptsUnpinned = acceptsUnpinned;
        try
        {
            _plans[0].Start(CreateGroup(_plans[0].Plan, _model.Settings.MaxBatch, minConcurrency: 1));
        }
        catch
        {
            await _plans[0].StopAsync(_model.Options.AbortTimeout).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Has them take requests that name no device, whatever they were started for.</summary>
    public void Share()
    {
        lock (_gate)
        {
            if (_acceptsUnpinned) return;
            _acceptsUnpinned = true;
            _model.Driver.Share(DeviceId);
        }
    }

    /// <summary>The lanes under this plan, opened now if they are not open; not yet at work where they are new.</summary>
    public async Task<PlannedLanes> OpenPlanAsync(LanePlan plan, CancellationToken cancellationToken) =>
        Plans().Find(known => known.Plan == plan)
        ?? await PlannedLanes.OpenAsync(_model, Device, _budget, plan, _routing, warmUp: false, cancellationToken).ConfigureAwait(false);

    /// <summary>The plan that the model was opened with.</summary>
    public LanePlan FirstPlan { get; private init; } = null!;

    /// <summary>Whether the budget has room for the sessions of another plan.</summary>
    public bool HasMemoryFor(LanePlan plan) => Plans().Exists(known => known.Plan == plan) || PlannedLanes.HasMemoryFor(_model, _budget, plan);

    /// <summary>Closes lanes that were opened and never put to work.</summary>
    public async Task CloseUnusedAsync(IEnumerable<PlannedLanes> opened)
    {
        foreach (var lanes in opened.Except(Plans())) await lanes.StopAsync(_model.Options.AbortTimeout).ConfigureAwait(false);
    }

    /// <summary>Puts plans in force, each from some number of requests in flight on. Lanes of other plans finish what they run and are closed.</summary>
    /// <param name="chosen">The lanes, those in force already included, with the largest useful batch; not empty.</param>
    public async Task AdoptAsync(IReadOnlyList<(PlannedLanes Lanes, int MaxBatch, int MinConcurrency)> chosen)
    {
        List<PlannedLanes> dropped;
        lock (_gate)
        {
            dropped = [.. _plans.Where(plan => !chosen.Any(entry => entry.Lanes == plan))];
            foreach (var (lanes, maxBatch, minConcurrency) in chosen)
            {
                if (_plans.Contains(lanes))
                {
                    _model.Driver.Update(DeviceId, () => lanes.Group.Retune(maxBatch, minConcurrency));
                }
                else
                {
                    lanes.Start(CreateGroup(lanes.Plan, maxBatch, minConcurrency));
                    _plans.Add(lanes);
                }
            }

            foreach (var plan in dropped) _plans.Remove(plan);
        }

        foreach (var plan in dropped)
        {
            _model.Driver.RemoveLanes(plan.Group);
            await plan.StopAsync(_model.Options.AbortTimeout).ConfigureAwait(false);
        }
    }

    /// <summary>Has a hung lane replaced if it is one of these, as long as there have not been too many.</summary>
    public void ReplaceLost(LaneSlot lane)
    {
        if (Plans().Find(plan => plan.Contains(lane)) is not { } plan) return;
        var lost = Interlocked.Increment(ref _lost);
        Log.LaneLost(_model.Logger, _model.ModelId, DeviceId, lost);
        var mayReplace = lost <= _model.Options.MaxAbandonedLanes;
        if (!mayReplace) Log.DeviceGivenUp(_model.Logger, _model.ModelId, DeviceId, lost);
        _ = ReplaceAsync(plan, lane, mayReplace);
    }

    public void Abort()
    {
        foreach (var plan in Plans()) plan.Abort();
    }

    /// <summary>Stops the lanes and frees the sessions.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        foreach (var plan in Plans()) await plan.StopAsync(timeout).ConfigureAwait(false);
    }

    /// <summary>The plan in force, or an optional capability of the sessions, such as the runtime's own object.</summary>
    public object? GetService(Type serviceType)
    {
        if (serviceType == typeof(ModelPlan)) return CurrentPlan();
        return Plans()[0].Sessions is [IServiceProvider first, ..] ? first.GetService(serviceType) : null;
    }

    /// <summary>The plan for the present load.</summary>
    public ModelPlan CurrentPlan()
    {
        var active = _model.Driver.FindActive(DeviceId);
        var plans = Plans();
        var lanes = plans.Find(plan => plan.Group == active) ?? plans[0];
        return new ModelPlan(DeviceId, lanes.Plan.Lanes, lanes.Plan.Threads, lanes.Group.MaxRows ?? 1);
    }

    private async Task ReplaceAsync(PlannedLanes plan, LaneSlot lane, bool mayReplace)
    {
        try
        {
            await plan.ReplaceAsync(lane, mayReplace).ConfigureAwait(false);
            if (!mayReplace) GiveUp(plan, null);
        }
        catch (Exception exception)
        {
            Log.LaneNotReplaced(_model.Logger, exception, _model.ModelId, DeviceId);
            GiveUp(plan, exception);
        }
    }

    private void GiveUp(PlannedLanes plan, Exception? cause) => _model.Driver.GiveUp(
        plan.Group,
        new DeviceFaultException(DeviceId, $"{_model.ModelId}: every lane on {DeviceId} hangs and none is replaced any more; load the model anew, or raise EdgeAIOptions.MaxAbandonedLanes.", cause));

    /// <summary>The group of a plan's lanes.</summary>
    public static LaneGroup CreateGroup(string deviceId, LanePlan plan, CoreBudget budget, bool acceptsUnpinned, int? maxRows, int minConcurrency)
    {
        // A user who asks for more lanes than there are cores gets them: they share.
        var cores = budget.Capacity is { } capacity ? Math.Max(1, Math.Min(plan.Threads, capacity / plan.Lanes)) : plan.Threads;
        return new LaneGroup(deviceId, acceptsUnpinned, cores, budget, maxRows, minConcurrency);
    }

    private LaneGroup CreateGroup(LanePlan plan, int? maxRows, int minConcurrency) => CreateGroup(DeviceId, plan, _budget.Cores, _acceptsUnpinned, maxRows, minConcurrency);

    private List<PlannedLanes> Plans()
    {
        lock (_gate) return [.. _plans];
    }
}
