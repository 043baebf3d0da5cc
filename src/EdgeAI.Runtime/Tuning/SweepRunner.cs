using EdgeAI.Batching;
using EdgeAI.Profiling;
using EdgeAI.Sessions;

namespace EdgeAI.Tuning;

/// <summary>Measures one kind of request under some plans, or finds what was measured before. Only while the engine is idle, giving way to requests between two runs.</summary>
internal sealed class SweepRunner(ModelContext model, DeviceLanes lanes, IdleWatch idle, CurveStore? store)
{
    // What is measured at most; more rows than this in a run are not worth their latency on any device that a request waits for.
    private const int MostRows = 256;

    /// <summary>Measures where nothing is known, or what is known does not fit any more, and keeps the result.</summary>
    /// <param name="plans">The plans to measure.</param>
    /// <param name="open">The lanes that are open; those that measuring opens are added.</param>
    /// <param name="sample">The kind of request.</param>
    /// <param name="layout">How rows are stacked; <see langword="null"/>: they are not.</param>
    /// <param name="isAnew">Whether what is known does not count.</param>
    /// <param name="scope">Tells the result from those for other plans.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The result and whether it is new; <see langword="null"/> where no plan could be measured.</returns>
    public async Task<(SweepResult Result, bool IsNew)?> RunAsync(
        IReadOnlyList<LanePlan> plans, Dictionary<LanePlan, PlannedLanes> open, ShapeSample sample, BatchLayout? layout, bool isAnew, string scope, CancellationToken cancellationToken)
    {
        var key = store is null ? null : ModelIdentity.KeyOf(model.Descriptor, model.Settings, lanes.Device.Info, sample, layout, scope);
        if (!isAnew && key is not null && store!.TryLoad(key) is { } cached && cached.Curves.All(curves => plans.Contains(curves.Plan))) return (cached, false);
        if (await SweepAsync(plans, open, sample, layout, cancellationToken).ConfigureAwait(false) is not { } result) return null;
        if (key is not null) store!.Save(key, result);
        return (result, true);
    }

    private async Task<SweepResult?> SweepAsync(IReadOnlyList<LanePlan> plans, Dictionary<LanePlan, PlannedLanes> open, ShapeSample sample, BatchLayout? layout, CancellationToken cancellationToken)
    {
        var sweep = new PlanSweep(plans, layout is null ? 1 : Math.Min(MostRows, model.Settings.MaxBatch ?? MostRows), model.Settings.Goal, (plan, _) => open.ContainsKey(plan) || lanes.HasMemoryFor(plan));
        while (sweep.Next() is { } step)
        {
            await idle.WaitForIdleAsync(model.Clock.TimeProvider, cancellationToken).ConfigureAwait(false);
            try
            {
                if (!open.TryGetValue(step.Plan, out var planned)) open[step.Plan] = planned = await lanes.OpenPlanAsync(step.Plan, cancellationToken).ConfigureAwait(false);
                var measured = await new Measurement(planned, sample, layout, model.Clock, () => !idle.IsIdle).RunAsync(step, cancellationToken).ConfigureAwait(false);

                // A request came in between: the same step again when it is quiet.
                if (measured is { } timed) sweep.Report(step, timed.RunTicks, timed.WallTicks);
            }
            catch (Exception exception) when (exception is EdgeAIException or InvalidInputException or OutOfMemoryException)
            {
                sweep.Fail(step);
            }
        }

        return sweep.HasResult ? sweep.Result : null;
    }
}
