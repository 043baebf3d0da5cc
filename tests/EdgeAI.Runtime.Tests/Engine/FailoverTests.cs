using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>Devices that fail while others could do the work.</summary>
[TestClass]
public sealed class FailoverTests
{
    [TestMethod]
    [DataRow(SimulatedFault.DeviceFault, 3)]
    [DataRow(SimulatedFault.OutOfMemory, 4, DisplayName = "one run more, on sessions that were built anew")]
    public async Task RunAsync_DeviceFails_TheOtherAnswersAndTheBreakerKeepsRequestsAway(SimulatedFault fault, int expectedRuns)
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        fixture.First.Faults.Always = fault;

        for (var i = 0; i < 5; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual("sim:1", response.Routing.DeviceId);
            if (i == 0) StringAssert.Contains(response.Routing.Reason, "sim:0");
            await RoutedFixture.SettledAsync(model);
        }

        Assert.AreEqual(expectedRuns, fixture.First.Statistics.RunsStarted);
        Assert.AreEqual(5, fixture.Second.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_BatchFails_AllOfItGoToTheOtherDevice()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        var (occupying, moved) = await MoveFourAsync(fixture, model);

        fixture.Second.Faults.ReleaseHung();

        await CheckAsync(moved, "sim:1");
        foreach (var run in occupying) (await run).Dispose();
        CollectionAssert.AreEqual(new[] { 1, 4, 1 }, fixture.First.Runs.Select(run => run.BatchSize).ToArray());
        CollectionAssert.AreEqual(new[] { 1, 4 }, fixture.Second.Runs.Select(run => run.BatchSize).ToArray());
    }

    [TestMethod]
    public async Task RunAsync_BatchFailsOnBothDevices_OnlyTheRequestAtFaultDoes()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        var (occupying, moved) = await MoveFourAsync(fixture, model);
        fixture.Second.Faults.OnRun(2, SimulatedFault.DeviceFault);
        fixture.Second.Faults.OnRun(3, SimulatedFault.DeviceFault);
        fixture.Second.Faults.OnRun(4, SimulatedFault.DeviceFault);

        fixture.Second.Faults.ReleaseHung();

        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => moved[0]);
        for (var i = 1; i < moved.Length; i++)
        {
            using var response = await moved[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        foreach (var run in occupying) (await run).Dispose();
        CollectionAssert.AreEqual(new[] { 1, 4, 2, 1, 1, 2 }, fixture.Second.Runs.Select(run => run.BatchSize).ToArray());
    }

    [TestMethod]
    [DataRow("sim:0", null)]
    [DataRow(null, "key")]
    public async Task RunAsync_PinnedOrOrdered_IsNotTriedElsewhere(string? deviceId, string? orderKey)
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        fixture.First.Faults.Always = SimulatedFault.DeviceFault;

        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request(deviceId: deviceId, orderKey: orderKey)));

        Assert.AreEqual("sim:0", fault.DeviceId);
        Assert.AreEqual(1, fixture.First.Statistics.RunsStarted);
        Assert.AreEqual(0, fixture.Second.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_EveryDeviceFails_EndsTypedAfterOneTryOnEach()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        fixture.First.Faults.Always = fixture.Second.Faults.Always = SimulatedFault.DeviceFault;

        for (var i = 1; i <= 2; i++)
        {
            await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));
            await RoutedFixture.SettledAsync(model);
            Assert.AreEqual(i, fixture.First.Statistics.RunsStarted);
            Assert.AreEqual(i, fixture.Second.Statistics.RunsStarted);
        }
    }

    [TestMethod]
    public async Task RunAsync_FailsTooLateForAnother_EndsTyped()
    {
        await using var fixture = new RoutedFixture(device =>
        {
            EngineFixture.TakesOneSecond(device);
            device.Compute = _ => throw new NotSupportedException("No.");
        });
        await using var model = await fixture.LoadAsync();
        var run = model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromMilliseconds(500)));
        await fixture.First.WhenAsync(s => s.Waiting == 1);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => run);
        Assert.AreEqual("sim:0", fault.DeviceId);
        Assert.AreEqual(0, fixture.Second.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_ThePooledRequestWasPinnedAndOrdered_MovesAllTheSame()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        var pinned = Enumerable.Range(0, 4).Select(i => model.RunAsync(EngineFixture.Request(i, deviceId: "sim:0", orderKey: "key"))).ToArray();
        foreach (var run in pinned) (await run).Dispose();
        fixture.First.Faults.Always = SimulatedFault.DeviceFault;
        fixture.Second.Faults.OnRun(1, SimulatedFault.Hang);
        var busy = model.RunAsync(EngineFixture.Request(deviceId: "sim:1"));
        await fixture.Second.WhenAsync(s => s.Waiting == 1);

        var moved = model.RunAsync(EngineFixture.Request(7));
        await fixture.First.WhenAsync(s => s.RunsFailed == 1);
        fixture.Second.Faults.ReleaseHung();

        using var response = await moved;
        Assert.AreEqual("sim:1", response.Routing.DeviceId);
        Assert.AreEqual(7, response["y"].AsSpan<float>()[0]);
        (await busy).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_TooLittleMemoryForABatch_SmallerOnesAreTriedBeforeAnotherDevice()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        var occupying = await fixture.OccupyBothAsync(model);
        fixture.First.Faults.OnRun(2, SimulatedFault.OutOfMemory);
        var runs = Enumerable.Range(0, 4).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        fixture.First.Faults.ReleaseHung();

        await CheckAsync(runs, "sim:0");
        CollectionAssert.AreEqual(new[] { 1, 4, 2, 2 }, fixture.First.Runs.Select(run => run.BatchSize).ToArray());
        fixture.Second.Faults.ReleaseHung();
        foreach (var run in occupying) (await run).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_DeviceIsLost_GetsNoMoreRequests()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        fixture.First.Faults.OnRun(1, SimulatedFault.Lost);

        for (var i = 0; i < 5; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual("sim:1", response.Routing.DeviceId);
            fixture.Time.Advance(TimeSpan.FromMinutes(2));
        }

        Assert.AreEqual(1, fixture.First.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task RunAsync_CancelledWhileItWaitsForTheOtherDevice_EndsAtOnceAndTheOthersAreAnswered()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        using var source = new CancellationTokenSource();
        var (occupying, moved) = await MoveFourAsync(fixture, model, source);

        await source.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => moved[0]);
        fixture.Second.Faults.ReleaseHung();

        await CheckAsync(moved[1..], "sim:1", first: 1);
        foreach (var run in occupying) (await run).Dispose();
        CollectionAssert.AreEqual(new[] { 1, 3 }, fixture.Second.Runs.Select(run => run.BatchSize).ToArray());
    }

    [TestMethod]
    public async Task DisposeAsync_WhileRequestsWaitForTheOtherDevice_AllAreAnswered()
    {
        await using var fixture = new RoutedFixture();
        var model = await fixture.LoadAsync();
        var (occupying, moved) = await MoveFourAsync(fixture, model);

        var disposal = model.DisposeAsync().AsTask();
        fixture.Second.Faults.ReleaseHung();

        await CheckAsync(moved, "sim:1");
        foreach (var run in occupying) (await run).Dispose();
        await disposal;
    }

    /// <summary>Four requests fail together on the first device and wait for the second, where a run hangs. The first of them can be cancelled.</summary>
    private static async Task<(Task<InferenceResponse>[] Occupying, Task<InferenceResponse>[] Moved)> MoveFourAsync(RoutedFixture fixture, IModelHandle model, CancellationTokenSource? first = null)
    {
        var occupying = await fixture.OccupyBothAsync(model);
        fixture.First.Faults.OnRun(2, SimulatedFault.DeviceFault);
        var moved = Enumerable.Range(0, 4).Select(i => model.RunAsync(EngineFixture.Request(i), i == 0 && first is not null ? first.Token : default)).ToArray();
        fixture.First.Faults.ReleaseHung();

        // The run has failed before its lane is free again and its requests are offered to the others: a request of the same lane comes after that.
        await fixture.First.WhenAsync(s => s.RunsFailed == 1);
        (await model.RunAsync(EngineFixture.Request(deviceId: "sim:0"))).Dispose();
        return (occupying, moved);
    }

    private static async Task CheckAsync(Task<InferenceResponse>[] runs, string deviceId, int first = 0)
    {
        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(first + i, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual(deviceId, response.Routing.DeviceId);
        }
    }
}
