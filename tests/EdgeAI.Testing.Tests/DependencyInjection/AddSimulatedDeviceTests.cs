using EdgeAI.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.DependencyInjection;

[TestClass]
public sealed class AddSimulatedDeviceTests
{
    [TestMethod]
    public async Task AddSimulatedDevice_SeveralIds_OneProviderFindsAll()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services)
            .AddSimulatedDevice("sim:0", options => options.Name = "first")
            .AddSimulatedDevice("sim:1");
        await using var container = services.BuildServiceProvider();

        var provider = container.GetServices<IDeviceProvider>().Single();
        var found = await provider.DiscoverAsync();

        CollectionAssert.AreEqual(new[] { "sim:0", "sim:1" }, found.Devices.Select(device => device.Info.Id).ToArray());
        Assert.AreEqual("first", found.Devices[0].Info.Name);
        Assert.AreSame(found.Devices[1], container.GetSimulatedDevice("sim:1"));
    }

    [TestMethod]
    public void AddSimulatedDevice_SameIdTwice_ThrowsAtOnceNamingIt()
    {
        var builder = new EdgeAIBuilder(new ServiceCollection()).AddSimulatedDevice("sim:0");
        var error = Assert.ThrowsExactly<ArgumentException>(() => builder.AddSimulatedDevice("sim:0"));
        StringAssert.Contains(error.Message, "sim:0");
    }

    [TestMethod]
    public async Task AddSimulatedDevice_TimeProviderRegistered_DrivesTheDevice()
    {
        var time = new FakeTimeProvider();
        var services = new ServiceCollection().AddSingleton<TimeProvider>(time);
        new EdgeAIBuilder(services).AddSimulatedDevice("sim:0", options => options.Latency = LatencyCurve.Constant(TimeSpan.FromHours(1)));
        await using var container = services.BuildServiceProvider();
        var device = container.GetSimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        using var binding = Simulation.Bind(session, rows: 1);

        var run = binding.RunAsync().AsTask();
        await device.WhenAsync(s => s.Waiting == 1);
        time.Advance(TimeSpan.FromMinutes(59));
        Assert.IsFalse(run.IsCompleted);
        time.Advance(TimeSpan.FromMinutes(1));
        await run;
    }

    [TestMethod]
    public void GetSimulatedDevice_UnknownId_ThrowsNamingThoseThatAre()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddSimulatedDevice("sim:0");
        using var container = services.BuildServiceProvider();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => container.GetSimulatedDevice("sim:7"));
        StringAssert.Contains(error.Message, "sim:0");
    }

    [TestMethod]
    public async Task Dispose_Container_LeavesDevicesToTheEngine()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddSimulatedDevice("sim:0");
        SimulatedDevice device;
        using (var container = services.BuildServiceProvider()) device = container.GetSimulatedDevice("sim:0");
        await using var session = await Simulation.OpenAsync(device);
        Assert.IsEmpty(device.Violations);
    }
}
