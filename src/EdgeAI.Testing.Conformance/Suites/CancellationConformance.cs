namespace EdgeAI.Testing.Conformance;

/// <summary>Runs that are cancelled before, on their way, and afterwards.</summary>
public abstract class CancellationConformance : ConformanceSuite
{
    private static ConformanceModel Add => ConformanceModels.Add;

    /// <summary>A run that is cancelled before it begins throws a cancellation, gives nothing, and harms nothing.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledBefore_Throws()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await lane.RunAsync(new CancellationToken(canceled: true)).ConfigureAwait(false)).ConfigureAwait(false);
        Assert.ThrowsExactly<InvalidOperationException>(() => lane.Binding.GetOutput(0), "A cancelled run has no outputs.");
        await lane.RunAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("the run after a cancelled one").ConfigureAwait(false);
    }

    /// <summary>A run that is cancelled on its way gives a cancellation or a right answer, and the next run is right.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledOnItsWay_CancelsOrIsRight()
    {
        await using var session = await OpenAsync(ConformanceModels.Heavy).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Heavy);
        await lane.BindInputsAsync(rows: 512, seed: 1).ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var source = new CancellationTokenSource();
            using var begins = new ManualResetEventSlim();
            var run = Task.Run(async () =>
            {
                begins.Set();
                await lane.RunAsync(source.Token).ConfigureAwait(false);
            });
            begins.Wait(CancellationToken.None);

            // Each attempt a little later, so that some hit the run on its way.
            Thread.SpinWait(attempt * 100_000);
            await source.CancelAsync().ConfigureAwait(false);
            try
            {
                await run.ConfigureAwait(false);
                await lane.CheckOutputsAsync("a run that finished before it could be cancelled").ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                Assert.AreEqual(source.Token, exception.CancellationToken, "The cancellation must name the caller's token.");
            }

            await lane.RunAsync().ConfigureAwait(false);
            await lane.CheckOutputsAsync("the run after a cancelled one").ConfigureAwait(false);
        }
    }

    /// <summary>A token that is cancelled after the run is no concern of it.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledAfterwards_KeepsItsOutputs()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        using var source = new CancellationTokenSource();
        await lane.RunAsync(source.Token).ConfigureAwait(false);
        await source.CancelAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("a token cancelled after the run").ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("the run after that").ConfigureAwait(false);
    }

    /// <summary>A binding that cancels does not stop another.</summary>
    [TestMethod]
    public async Task RunAsync_OneCancelled_TheOtherIsRight()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var cancelled = CreateLane(session, ConformanceModels.Add);
        using var other = CreateLane(session, ConformanceModels.Add);
        await cancelled.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await cancelled.RunAsync(new CancellationToken(canceled: true)).ConfigureAwait(false)).ConfigureAwait(false);
        await other.RunAndCheckAsync(rows: 2, seed: 2).ConfigureAwait(false);
    }
}
