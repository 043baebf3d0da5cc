using EdgeAI.Testing;

namespace EdgeAI.Engine;

/// <summary>Devices that answer, but not what they should.</summary>
[TestClass]
public sealed class DeviceProofTests
{
    [TestMethod]
    public async Task LoadModelAsync_OtherDeviceAnswersOtherwise_TakesOnlyWhatNamesIt()
    {
        await using var fixture = new RoutedFixture(second: device => device.Compute = Doubling);
        await using var model = await fixture.LoadAsync(options => options.ParityTolerance = 1e-3);

        for (var i = 0; i < 20; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual("sim:0", response.Routing.DeviceId);
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        using var named = await model.RunAsync(EngineFixture.Request(3, deviceId: "sim:1"));
        Assert.AreEqual(6, named["y"].AsSpan<float>()[0]);
        var error = fixture.Logs.Collector.GetSnapshot().Single(entry => entry.Id.Name == "DeviceDisagrees");
        StringAssert.Contains(error.Message, "sim:1");
        StringAssert.Contains(error.Message, "output y");
    }

    [TestMethod]
    [DataRow(1e-3, 1f)]
    [DataRow(1e-1, 1.01f)]
    public async Task LoadModelAsync_OtherDeviceAgrees_TakesItsShare(double tolerance, float factor)
    {
        await using var fixture = new RoutedFixture(second: device => device.Compute = inputs => Scale(inputs, factor));
        await using var model = await fixture.LoadAsync(options => options.ParityTolerance = tolerance);
        fixture.First.Faults.Always = SimulatedFault.Hang;
        var occupying = model.RunAsync(EngineFixture.Request(deviceId: "sim:0"));
        await fixture.First.WhenAsync(s => s.Waiting == 1);

        using var response = await model.RunAsync(EngineFixture.Request());

        Assert.AreEqual("sim:1", response.Routing.DeviceId);
        fixture.First.Faults.ReleaseHung();
        (await occupying).Dispose();
    }

    [TestMethod]
    public async Task RunAsync_DeviceComesBackWrong_IsTrustedOnlyWhenItAnswersAsBefore()
    {
        await using var fixture = new RoutedFixture();
        await using var model = await fixture.LoadAsync(options => options.ParityTolerance = 1e-3);
        fixture.First.Faults.Always = SimulatedFault.DeviceFault;
        for (var i = 0; i < 3; i++) await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request(deviceId: "sim:0")));
        Assert.AreEqual("sim:1", await WhereAsync(fixture, model));

        fixture.First.Faults.Always = SimulatedFault.Garbage;
        await ProveAsync(fixture, model, TimeSpan.FromMilliseconds(500));
        Assert.AreEqual("sim:1", await WhereAsync(fixture, model), "it answers, but wrong");
        Assert.IsTrue(fixture.Logs.Collector.GetSnapshot().Any(entry => entry.Id.Name == "DeviceAnswersWrong"));

        fixture.First.Faults.Always = SimulatedFault.DeviceFault;
        await ProveAsync(fixture, model, TimeSpan.FromSeconds(1));
        Assert.AreEqual("sim:1", await WhereAsync(fixture, model), "it still fails");

        fixture.First.Faults.Always = SimulatedFault.None;
        await ProveAsync(fixture, model, TimeSpan.FromSeconds(2));
        fixture.Second.Faults.Always = SimulatedFault.DeviceFault;
        Assert.AreEqual("sim:0", await WhereAsync(fixture, model));
    }

    private static async Task<string> WhereAsync(RoutedFixture fixture, IModelHandle model)
    {
        using var response = await model.RunAsync(EngineFixture.Request(2));
        Assert.AreEqual(2, response["y"].AsSpan<float>()[0]);
        await RoutedFixture.SettledAsync(model);
        Assert.AreEqual(0, fixture.Second.Statistics.Waiting);
        return response.Routing.DeviceId;
    }

    /// <summary>Lets the breaker's pause pass; completes when the proof has ended.</summary>
    private static async Task ProveAsync(RoutedFixture fixture, IModelHandle model, TimeSpan pause)
    {
        var driver = ((LoadedModel)model.GetService(typeof(LoadedModel))!).Driver;
        fixture.Time.Advance(pause);
        while (driver.IsProofDue("sim:0"))
        {
            // The status is looked at twice a second.
            fixture.Time.Advance(TimeSpan.FromMilliseconds(1));
            await Task.Yield();
        }
    }

    private static IReadOnlyList<TensorValue> Doubling(IReadOnlyList<TensorValue> inputs) => Scale(inputs, 2);

    private static IReadOnlyList<TensorValue> Scale(IReadOnlyList<TensorValue> inputs, float factor) =>
        [TensorValue.Create(inputs[0].AsSpan<float>().ToArray().Select(value => value * factor).ToArray(), inputs[0].Lengths)];
}
