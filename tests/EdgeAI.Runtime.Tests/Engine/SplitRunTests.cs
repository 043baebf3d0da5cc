namespace EdgeAI.Engine;

/// <summary>Requests that bring more rows than a run should have.</summary>
[TestClass]
public sealed class SplitRunTests
{
    private static ModelOptions AtMostFourRows() => new() { BatchAxes = { ["x"] = 0, ["y"] = 0 }, MaxBatch = 4 };

    [TestMethod]
    public async Task RunAsync_MoreRowsThanABatch_RunsInPartsAndAnswersInOrder()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync(AtMostFourRows());
        await MakeKnownAsync(model);

        using var response = await model.RunAsync(new InferenceRequest { ["x"] = Rows(10) });

        CollectionAssert.AreEqual(Enumerable.Range(0, 40).Select(i => (float)i).ToArray(), response["y"].AsSpan<float>().ToArray());
        CollectionAssert.AreEqual(new nint[] { 10, 4 }, response["y"].Lengths.ToArray());
        CollectionAssert.AreEquivalent(new[] { 1, 4, 4, 2 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
        StringAssert.Contains(response.Routing.Reason, "in 3 parts");
    }

    [TestMethod]
    public async Task RunAsync_WithDestination_IsWrittenInPlace()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync(AtMostFourRows());
        await MakeKnownAsync(model);
        var destination = new float[40];
        var request = new InferenceRequest { ["x"] = Rows(10) };
        request.SetOutput("y", TensorValue.Create(destination, 10, 4));

        using var response = await model.RunAsync(request);

        CollectionAssert.AreEqual(Enumerable.Range(0, 40).Select(i => (float)i).ToArray(), destination);
    }

    [TestMethod]
    public async Task RunAsync_Cancelled_WithdrawsThePartsThatWait()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync(AtMostFourRows());
        var first = MakeKnownAsync(model);
        await fixture.PassOneRunAsync();
        await first;
        using var cancellation = new CancellationTokenSource();

        var run = model.RunAsync(new InferenceRequest { ["x"] = Rows(10) }, cancellation.Token);
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        await cancellation.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => run);
        Assert.IsLessThanOrEqualTo(2, fixture.Device.Runs.Count);
    }

    [TestMethod]
    public async Task RunAsync_DeadlinePassesForOnePart_RejectsTheWhole()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync(AtMostFourRows());
        var first = MakeKnownAsync(model);
        await fixture.PassOneRunAsync();
        await first;

        var run = model.RunAsync(new InferenceRequest { ["x"] = Rows(10), Deadline = TimeSpan.FromSeconds(1.5) });

        // The first part would be in time; the second, behind it, would not, and withdraws the first if that has not begun.
        var rejected = Assert.ThrowsAsync<RequestRejectedException>(() => run);
        await Task.WhenAny(rejected, fixture.PassOneRunAsync());
        Assert.AreEqual(RejectionReason.DeadlineInfeasible, (await rejected).Reason);
    }

    private static async Task MakeKnownAsync(IModelHandle model) => (await model.RunAsync(new InferenceRequest { ["x"] = Rows(1) })).Dispose();

    private static TensorValue Rows(int count) => TensorValue.Create(Enumerable.Range(0, count * 4).Select(i => (float)i).ToArray(), count, 4);
}
