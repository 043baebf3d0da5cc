using EdgeAI.Devices;
using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>A model on several devices.</summary>
[TestClass]
public sealed class RoutingTests
{
    [TestMethod]
    public async Task RunAsync_TwoDevices_BothServeAndEveryAnswerSaysWhy()
    {
        await using var fixture = new RoutedFixture(EngineFixture.TakesOneSecond, EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync(options => options.MaxBatch = 1);

        var runs = new[] { model.RunAsync(EngineFixture.Request(1)), model.RunAsync(EngineFixture.Request(2)) };
        await fixture.First.WhenAsync(s => s.Waiting == 1);
        await fixture.Second.WhenAsync(s => s.Waiting == 1);
        fixture.Time.Advance(TimeSpan.FromSeconds(1));
        using var first = await runs[0];
        using var second = await runs[1];
        using var informed = await RunAsync(fixture, model, 3);

        CollectionAssert.AreEqual(new[] { "sim:0", "sim:1" }, new[] { first.Routing.DeviceId, second.Routing.DeviceId });
        CollectionAssert.AreEqual(new[] { 1f, 2f, 3f }, new[] { first, second, informed }.Select(r => r["y"].AsSpan<float>()[0]).ToArray());
        StringAssert.Contains(informed.Routing.Reason, RoutingPolicyNames.EarliestFinish);
        CollectionAssert.AreEqual(new[] { "sim:0", "sim:1" }, informed.Routing.Candidates.Select(c => c.DeviceId).ToArray());
        foreach (var candidate in informed.Routing.Candidates) Assert.AreEqual(TimeSpan.FromSeconds(1), candidate.PredictedFinish);
        foreach (var candidate in first.Routing.Candidates) Assert.IsNull(candidate.PredictedFinish, "nothing was known yet");
    }

    [TestMethod]
    public async Task RunAsync_NamesADevice_StaysThere()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync();

        for (var i = 0; i < 5; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i, deviceId: "sim:1"));
            Assert.AreEqual("sim:1", response.Routing.DeviceId);
            Assert.AreEqual("the request names this device", response.Routing.Reason);
        }

        Assert.AreEqual(0, fixture.First.Statistics.RunsStarted);
    }

    [TestMethod]
    [DataRow(null, 1)]
    [DataRow("sim:0", null)]
    public async Task LoadModelAsync_OneDeviceAskedFor_OpensNoOther(string? deviceId, int? maxDevices)
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync(options => (options.DeviceId, options.MaxDevices) = (deviceId, maxDevices));

        for (var i = 0; i < 3; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual("sim:0", response.Routing.DeviceId);
        }

        Assert.AreEqual(0, fixture.Second.Statistics.Openings);
    }

    [TestMethod]
    public async Task RunAsync_SecondDeviceStillOpens_TheFirstAnswersAndTheSecondJoinsLater()
    {
        await using var fixture = new RoutedFixture(second: device => device.OpeningLatency = TimeSpan.FromSeconds(10));
        await using var model = await fixture.LoadFirstAsync();
        await fixture.Second.WhenAsync(s => s.Waiting == 1);

        using var early = await model.RunAsync(EngineFixture.Request(1));
        Assert.AreEqual("sim:0", early.Routing.DeviceId);
        fixture.Time.Advance(TimeSpan.FromSeconds(10));
        await RoutedFixture.JoinedAsync(model);
        using var later = await model.RunAsync(EngineFixture.Request(2));

        Assert.AreEqual("sim:1", later.Routing.DeviceId, "nothing is known of it, so it is tried");
    }

    [TestMethod]
    public async Task LoadModelAsync_DeviceCannotOpenIt_IsLoggedAndLeftOut()
    {
        await using var fixture = new RoutedFixture();
        fixture.Second.Faults.AlwaysAtOpening = SimulatedFault.DeviceFault;
        await using var model = await fixture.LoadAsync();

        for (var i = 0; i < 3; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual("sim:0", response.Routing.DeviceId);
        }

        Assert.AreEqual(1, fixture.Logs.Collector.GetSnapshot().Count(entry => entry.Message.Contains("could not be opened on sim:1", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task LoadModelAsync_TwoOfThreeDevicesAndOneCannotOpenIt_TheThirdJoins()
    {
        await using var fixture = new RoutedFixture(hasThird: true);
        fixture.Second.Faults.AlwaysAtOpening = SimulatedFault.DeviceFault;

        await using var model = await fixture.LoadAsync(options => options.MaxDevices = 2);

        Assert.AreEqual(1, fixture.Third.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task LoadModelAsync_DeviceRunsOnlyPartOfIt_DoesNotJoin()
    {
        await using var fixture = new RoutedFixture(second: device => device.Support = DeviceSupport.Partial("it lacks an operator"));

        await using var model = await fixture.LoadAsync();

        Assert.AreEqual(0, fixture.Second.Statistics.Openings);
    }

    [TestMethod]
    public async Task RunAsync_DeviceBecomesSlow_LosesItsRequestsAndGetsThemBack()
    {
        await using var fixture = new RoutedFixture(EngineFixture.TakesOneSecond, device => device.Latency = LatencyCurve.Constant(TimeSpan.FromMilliseconds(500)));
        await using var model = await fixture.LoadAsync();
        var before = await RunManyAsync(22);
        CollectionAssert.AreEqual(new[] { "sim:0", "sim:1" }, before[..2], "each is tried once");
        Assert.IsTrue(before[2..].All(device => device == "sim:1"), "it is the faster one");

        fixture.Second.Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(3));
        var meanwhile = await RunManyAsync(60);
        Assert.IsGreaterThan(15, meanwhile[30..].Count(device => device == "sim:0"), "the other one is slow, and only tried now and then");

        fixture.Second.Latency = LatencyCurve.Constant(TimeSpan.FromMilliseconds(500));
        var afterwards = await RunManyAsync(400);
        Assert.IsTrue(afterwards[^10..].All(device => device == "sim:1"), "it is the faster one again");

        async Task<string[]> RunManyAsync(int count)
        {
            var devices = new string[count];
            for (var run = 0; run < count; run++)
            {
                using var response = await RunAsync(fixture, model, run);
                devices[run] = response.Routing.DeviceId;
            }

            return devices;
        }
    }

    /// <summary>Runs a request alone, on whatever device, and lets exactly its latency pass.</summary>
    private static async Task<InferenceResponse> RunAsync(RoutedFixture fixture, IModelHandle model, float value)
    {
        await RoutedFixture.SettledAsync(model);
        var (first, second) = (fixture.First.Statistics.RunsStarted, fixture.Second.Statistics.RunsStarted);
        var run = model.RunAsync(EngineFixture.Request(value));
        await Task.WhenAny(
            fixture.First.WhenAsync(s => s.Waiting == 1 && s.RunsStarted > first),
            fixture.Second.WhenAsync(s => s.Waiting == 1 && s.RunsStarted > second));
        fixture.Time.Advance((fixture.First.Statistics.RunsStarted > first ? fixture.First : fixture.Second).Runs[^1].Latency);
        return await run;
    }
}
