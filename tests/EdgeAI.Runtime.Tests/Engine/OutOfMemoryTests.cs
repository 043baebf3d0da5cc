using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>Devices that find no memory until their sessions are closed and opened again.</summary>
[TestClass]
public sealed class OutOfMemoryTests
{
    [TestMethod]
    public async Task RunAsync_MemoryIsFragmented_SessionsAreBuiltAnewAndTheRequestIsAnswered()
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadBatchingAsync();
        fixture.Device.FragmentMemory();

        for (var i = 0; i < 3; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
        Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
        Assert.AreEqual(4, fixture.Device.Statistics.RunsStarted);
        Assert.AreEqual(1, fixture.Device.Statistics.RunsFailed);
    }

    [TestMethod]
    public async Task RunAsync_BatchMeetsFragmentedMemory_IsCutToOneBeforeSessionsAreBuiltAnewAndAllAreAnswered()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        var runs = Enumerable.Range(0, 5).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        fixture.Device.FragmentMemory();

        await fixture.PassRunsAsync(7);

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        CollectionAssert.AreEqual(new[] { 1, 4, 2, 1, 1, 1, 2 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
    }

    [TestMethod]
    public async Task RunAsync_BuildingAnewDoesNotHelp_IsNotRepeatedUntilThePauseIsOver()
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadAsync();
        fixture.Device.Faults.Always = SimulatedFault.OutOfMemory;

        for (var i = 0; i < 5; i++) await FailAsync(model);
        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        for (var i = 0; i < 5; i++) await FailAsync(model);
        Assert.AreEqual(3, fixture.Device.Statistics.Openings);
        fixture.Time.Advance(TimeSpan.FromSeconds(19));
        await FailAsync(model);
        Assert.AreEqual(3, fixture.Device.Statistics.Openings, "the second pause is twice as long");
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        fixture.Device.Faults.Clear();
        using var response = await model.RunAsync(EngineFixture.Request(7));

        Assert.AreEqual(7, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(3, fixture.Device.Statistics.Openings);
    }

    [TestMethod]
    public async Task RunAsync_SessionsCannotBeOpenedAgain_FailsTypedUntilTheyCan()
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadAsync();
        fixture.Device.FragmentMemory();
        fixture.Device.Faults.AlwaysAtOpening = SimulatedFault.OutOfMemory;

        for (var i = 0; i < 3; i++) Assert.IsTrue((await FailAsync(model)).IsTransient);
        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
        Assert.AreEqual(1, fixture.Device.Statistics.RunsStarted);
        fixture.Device.Faults.Clear();
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        using var response = await model.RunAsync(EngineFixture.Request(7));

        Assert.AreEqual(7, response["y"].AsSpan<float>()[0]);
        Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task RunAsync_SessionsCannotBeOpenedAgain_AnotherDeviceAnswers()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();
        fixture.First.FragmentMemory();
        fixture.First.Faults.AlwaysAtOpening = SimulatedFault.OutOfMemory;

        for (var i = 0; i < 5; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            Assert.AreEqual("sim:1", response.Routing.DeviceId);
            await RoutedFixture.SettledAsync(model);
        }

        Assert.AreEqual(1, fixture.First.Statistics.RunsStarted);
    }

    [TestMethod]
    [DataRow(1, DisplayName = "a session for each lane")]
    [DataRow(3, DisplayName = "one session for all lanes")]
    public async Task RunAsync_SeveralLanesMeetFragmentedMemory_AllAreAnsweredOnce(int runsPerSession)
    {
        const int Rounds = 20;
        const int Requests = 30;
        await using var fixture = EngineFixture.ForBatching(device => device.MaxConcurrentRuns = runsPerSession);
        await using var model = await fixture.LoadAsync(new ModelOptions { Lanes = 3, ThreadsPerLane = 1, MaxQueueLength = Requests });
        var openings = fixture.Device.Statistics.Openings;

        for (var round = 1; round <= Rounds; round++)
        {
            fixture.Device.FragmentMemory();
            var runs = Enumerable.Range(0, Requests).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
            for (var i = 0; i < Requests; i++)
            {
                using var response = await runs[i];
                Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
            }

            Assert.AreEqual(openings * (1 + round), fixture.Device.Statistics.Openings, "every lane's memory was short, and one built the sessions anew for all");

            // A lane that is not free yet would have run for an hour, and be given up as hung.
            await RoutedFixture.SettledAsync(model);
            fixture.Time.Advance(TimeSpan.FromHours(1));
        }
    }

    [TestMethod]
    public async Task DisposeAsync_AfterBuildingAnew_NothingStaysOpen()
    {
        await using var fixture = EngineFixture.ForBatching(device => device.IsHostAccessible = false);
        var model = await fixture.LoadBatchingAsync();
        (await model.RunAsync(EngineFixture.Request())).Dispose();
        fixture.Device.FragmentMemory();
        (await model.RunAsync(EngineFixture.Request())).Dispose();

        await model.DisposeAsync();

        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
        Assert.AreEqual(0, fixture.Device.Statistics.LiveBuffers);
    }

    private static async Task<DeviceFaultException> FailAsync(IModelHandle model) => await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));
}
