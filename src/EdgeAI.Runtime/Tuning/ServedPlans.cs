using EdgeAI.Batching;
using EdgeAI.Diagnostics;
using EdgeAI.Profiling;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>
/// The plans that serve a model on one device and the kinds of request that were measured under them: the first kind decides which plans those are, the others are measured
/// under these. One task at a time.
/// </summary>
internal sealed class ServedPlans(ModelContext model, DeviceLanes lanes, ShapeGroups shapes, SweepRunner sweeps, CancellationToken cancellationToken)
{
    /// <summary>Kinds of request that are measured, the first one included.</summary>
    public const int MostShapes = 8;

    private readonly Dictionary<ShapeGroup, (ShapeSample Sample, BatchLayout? Layout)> _measured = [];
    private IReadOnlyList<PlannedLanes> _serving = [];
    private ShapeGroup? _first;

    /// <summary>Whether plans were measured and are in force.</summary>
    public bool HasAny => _serving.Count > 0;

    /// <summary>Chooses the plans by one kind of request and puts them in force.</summary>
    public async Task ChooseAsync(ShapeSample sample, BatchLayout? layout, bool isAnew)
    {
        var open = new Dictionary<LanePlan, PlannedLanes>();
        try
        {
            var candidates = PlanCandidates.For(lanes.Device.Info, model.Settings);
            if (await sweeps.RunAsync(candidates, open, sample, layout, isAnew, scope: "", cancellationToken).ConfigureAwait(false) is not { } measured) return;
            await AdoptAsync(measured.Result, open, sample, layout, isAnew ? "measured anew" : measured.IsNew ? "measured" : "measured before").ConfigureAwait(false);
        }
        finally
        {
            await lanes.CloseUnusedAsync(open.Values).ConfigureAwait(false);
        }
    }

    /// <summary>Measures another kind of request under the plans in force, unless there are enough or it is known.</summary>
    public Task AddAsync(ShapeSample sample, BatchLayout? layout) => AddAsync(FindShape(sample, layout), sample, layout);

    /// <inheritdoc cref="AddAsync(ShapeSample, BatchLayout?)"/>
    public Task AddAsync(KnownShape shape) => AddAsync(shape.Group, ShapeSample.Of(model.Descriptor.Signature, shape), shape.Group.Layout);

    /// <summary>The kinds of request that came most often and are not measured.</summary>
    public IReadOnlyList<KnownShape> FindNew()
    {
        var known = shapes.Known();
        var groups = known.Select(shape => shape.Group).ToHashSet();

        // What has not been asked for in long makes room.
        foreach (var gone in _measured.Keys.Where(group => group != _first && !groups.Contains(group)).ToArray()) _measured.Remove(gone);
        return [.. known.Where(shape => !_measured.ContainsKey(shape.Group)).OrderByDescending(shape => shape.Uses).Take(Math.Max(0, MostShapes - _measured.Count))];
    }

    /// <summary>Measures everything again.</summary>
    public async Task MeasureAnewAsync()
    {
        var (sample, layout) = _measured[_first!];
        await ChooseAsync(sample, layout, isAnew: true).ConfigureAwait(false);
        foreach (var shape in _measured.Keys.Where(shape => shape != _first).ToArray()) await MeasureAsync(shape, isAnew: true).ConfigureAwait(false);
    }

    /// <summary>How what is served compares with what was measured.</summary>
    public IReadOnlyList<(object Of, Pace Pace)> Paces() => model.Driver.Read(() =>
    {
        var paces = new List<(object, Pace)>();
        foreach (var shape in _measured.Keys)
        {
            foreach (var planned in _serving)
            {
                var costs = shape.CostsOn(planned.Group);
                paces.Add(((costs, false), costs.PaceOf(isCrowded: false)));
                paces.Add(((costs, true), costs.PaceOf(isCrowded: true)));
            }
        }

        return paces;
    });

    private async Task AddAsync(ShapeGroup shape, ShapeSample sample, BatchLayout? layout)
    {
        if (_measured.Count >= MostShapes || !_measured.TryAdd(shape, (sample, layout))) return;
        await MeasureAsync(shape, isAnew: false).ConfigureAwait(false);
    }

    private async Task MeasureAsync(ShapeGroup shape, bool isAnew)
    {
        var (sample, layout) = _measured[shape];
        var open = _serving.ToDictionary(planned => planned.Plan);
        var scope = string.Join(' ', open.Keys.Select(plan => $"{plan.Lanes}x{plan.Threads}"));
        if (await sweeps.RunAsync([.. open.Keys], open, sample, layout, isAnew, scope, cancellationToken).ConfigureAwait(false) is not { } measured) return;
        model.Driver.Update(lanes.DeviceId, () =>
        {
            foreach (var curves in measured.Result.Curves) shape.CostsOn(open[curves.Plan].Group).Replace(curves.Alone, curves.Crowded, Limit(PlanChoice.MaxBatch(curves, model.Settings.Goal)));
        });
        Log.ShapeMeasured(model.Logger, model.ModelId, sample.Describe(layout), lanes.DeviceId);
    }

    private async Task AdoptAsync(SweepResult result, Dictionary<LanePlan, PlannedLanes> open, ShapeSample sample, BatchLayout? layout, string reason)
    {
        var ladder = PlanLadder.Build(result, model.Settings.Goal, plan => open.ContainsKey(plan) || lanes.HasMemoryFor(plan));
        foreach (var step in ladder)
        {
            if (!open.ContainsKey(step.Plan)) open[step.Plan] = await lanes.OpenPlanAsync(step.Plan, cancellationToken).ConfigureAwait(false);
        }

        var shape = FindShape(sample, layout);
        await lanes.AdoptAsync([.. ladder.Select(step => (open[step.Plan], Limit(step.MaxBatch), step.MinConcurrency))]).ConfigureAwait(false);
        model.Driver.Update(lanes.DeviceId, () =>
        {
            foreach (var step in ladder) shape.CostsOn(open[step.Plan].Group).Replace(step.Curves.Alone, step.Curves.Crowded, Limit(step.MaxBatch));
        });
        _serving = [.. ladder.Select(step => open[step.Plan])];
        _measured[shape] = (sample, layout);
        _first = shape;

        foreach (var step in ladder)
        {
            Log.PlanChosen(model.Logger, model.ModelId, lanes.DeviceId, step.Plan.Lanes, step.Plan.Threads, step.MaxBatch, $"{reason}, {(step.MinConcurrency == PlanLadder.Contender ? "where it proves better under load" : $"from {step.MinConcurrency} request(s) in flight on")}");
        }
    }

    private int Limit(int rows) => model.Settings.MaxBatch is { } most ? Math.Min(most, rows) : rows;

    /// <summary>The group of requests that ask for all outputs.</summary>
    private ShapeGroup FindShape(ShapeSample sample, BatchLayout? layout)
    {
        var inputs = sample.Create(layout, rows: 1);
        try
        {
            return shapes.Find(inputs, Enumerable.Range(0, model.Descriptor.Signature.Outputs.Count).ToArray(), out _);
        }
        finally
        {
            foreach (var input in inputs) input.Dispose();
        }
    }
}
