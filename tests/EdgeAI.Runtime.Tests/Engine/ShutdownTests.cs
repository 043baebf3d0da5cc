using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Engine;

[TestClass]
public sealed class ShutdownTests
{
    [TestMethod]
    public async Task DisposeAsync_RequestsAccepted_FinishesThemAndRejectsNewOnes()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        var model = await fixture.LoadAsync();
        var first = model.RunAsync(EngineFixture.Request(1));
        var second = model.RunAsync(EngineFixture.Request(2));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        var disposal = model.DisposeAsync().AsTask();
        var late = await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request()));

        Assert.AreEqual(RejectionReason.ShuttingDown, late.Reason);
        await fixture.PassOneRunAsync();
        (await first).Dispose();
        await fixture.PassOneRunAsync();
        (await second).Dispose();
        await disposal;
        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task DisposeAsync_DrainTimeoutPasses_RejectsWhatIsLeft()
    {
        await using var fixture = new EngineFixture(d => d.Latency = LatencyCurve.Constant(TimeSpan.FromHours(1)), o => o.DrainTimeout = TimeSpan.FromSeconds(5));
        var model = await fixture.LoadAsync();
        var running = model.RunAsync(EngineFixture.Request(1));
        var waiting = model.RunAsync(EngineFixture.Request(2));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        var disposal = model.DisposeAsync().AsTask();
        fixture.Time.Advance(TimeSpan.FromSeconds(5));
        await disposal;

        foreach (var run in new[] { running, waiting })
        {
            Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => run)).Reason);
        }
    }

    [TestMethod]
    public async Task DisposeAsync_DeviceHangsForGood_AbandonsItsSessionAndReturns()
    {
        var fixture = new EngineFixture(options: o => { o.DrainTimeout = TimeSpan.FromSeconds(1); o.AbortTimeout = TimeSpan.FromSeconds(1); });
        fixture.Device.Faults.Always = SimulatedFault.Stuck;
        var model = await fixture.LoadAsync();
        var stuck = model.RunAsync(EngineFixture.Request());
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        var disposal = model.DisposeAsync().AsTask();
        while (!disposal.IsCompleted)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }

        await disposal;
        Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
        Assert.IsFalse(stuck.IsCompleted);
        fixture.Device.Faults.Clear();
        fixture.Device.Faults.ReleaseHung();
        (await stuck).Dispose();
    }

    [TestMethod]
    public async Task Dispose_ContainerSynchronously_StopsEverything()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI().AddSimulatedDevice("sim:0").AddModel("echo", TestModels.Echo());
        var provider = services.BuildServiceProvider();
        var device = provider.GetSimulatedDevice("sim:0");
        var model = provider.GetRequiredKeyedService<IModelHandle>("echo");
        (await model.RunAsync(EngineFixture.Request())).Dispose();

        provider.Dispose();

        Assert.IsEmpty(device.Violations);
        Assert.AreEqual(0, device.Statistics.OpenSessions);
        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request()))).Reason);
    }

    [TestMethod]
    public async Task EngineDisposed_LaterCalls_AreRejected()
    {
        var fixture = new EngineFixture();
        var model = await fixture.LoadAsync();
        await fixture.DisposeAsync();

        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request()))).Reason);
        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => fixture.Engine.LoadModelAsync(TestModels.Echo()).AsTask())).Reason);
        Assert.AreEqual(RejectionReason.ShuttingDown, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => fixture.Engine.GetDevicesAsync().AsTask())).Reason);
        await model.DisposeAsync();
    }
}
