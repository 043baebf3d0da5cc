using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>Lanes side by side: right answers, and nobody sees another's data.</summary>
public abstract class ConcurrencyConformance : ConformanceSuite
{
    private const int MostLanes = 4;
    private const int RunsPerLane = 50;

    /// <summary>As many bindings as may run at once do, with right answers.</summary>
    [TestMethod]
    public async Task RunAsync_UpToMaxConcurrentRuns_AnswersAreRight()
    {
        await using var session = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        var lanes = Math.Min(session.MaxConcurrentRuns, MostLanes);
        await Task.WhenAll(Enumerable.Range(0, lanes).Select(lane => OnOwnThread(() => RunManyAsync(session, ConformanceModels.MatMul, lane)))).ConfigureAwait(false);
    }

    /// <summary>Sessions of one model run side by side, with right answers.</summary>
    [TestMethod]
    public async Task RunAsync_TwoSessions_AnswersAreRight()
    {
        await using var first = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        await using var second = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        await Task.WhenAll(
            OnOwnThread(() => RunManyAsync(first, ConformanceModels.MatMul, lane: 0)),
            OnOwnThread(() => RunManyAsync(second, ConformanceModels.MatMul, lane: 1))).ConfigureAwait(false);
    }

    /// <summary>Sessions are opened and closed while another runs.</summary>
    [TestMethod]
    public async Task OpenSessionAsync_WhileAnotherRuns_HarmsNeither()
    {
        await using var running = await OpenAsync(ConformanceModels.MatMul).ConfigureAwait(false);
        var run = OnOwnThread(() => RunManyAsync(running, ConformanceModels.MatMul, lane: 0));
        for (var i = 0; i < 5; i++)
        {
            await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
            using var lane = CreateLane(session, ConformanceModels.Add);
            await lane.RunAndCheckAsync(rows: 2, seed: i).ConfigureAwait(false);
        }

        await run.ConfigureAwait(false);
    }

    /// <summary>What one binding binds, another never sees, though they take turns.</summary>
    [TestMethod]
    public async Task RunAsync_BindingsTakeTurns_KeepTheirOwnTensors()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var first = CreateLane(session, ConformanceModels.Add);
        using var second = CreateLane(session, ConformanceModels.Add);
        await first.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        await second.BindInputsAsync(rows: 3, seed: 2).ConfigureAwait(false);
        for (var turn = 0; turn < 3; turn++)
        {
            await first.RunAsync().ConfigureAwait(false);
            await second.RunAsync().ConfigureAwait(false);
            await first.CheckOutputsAsync($"turn {turn}, first binding").ConfigureAwait(false);
            await second.CheckOutputsAsync($"turn {turn}, second binding").ConfigureAwait(false);
        }
    }

    private async Task RunManyAsync(IDeviceSession session, ConformanceModel model, int lane)
    {
        using var own = CreateLane(session, model);
        for (var run = 0; run < RunsPerLane; run++) await own.RunAndCheckAsync(rows: 1 + (run % 5), seed: (lane * RunsPerLane) + run).ConfigureAwait(false);
    }

    // A run may block its caller, so each lane brings a thread, as the engine's do.
    private static Task OnOwnThread(Func<Task> action) =>
        Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap();
}
