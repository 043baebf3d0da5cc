using EdgeAI.Devices;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Engine;

[TestClass]
public sealed class DeviceCatalogTests
{
    [TestMethod]
    public async Task GetAsync_ManyAtOnce_ProbesOnce()
    {
        var provider = new CountingProvider("p");
        await using var catalog = new DeviceCatalog([provider], NullLogger.Instance);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => catalog.GetAsync(CancellationToken.None).AsTask()));

        Assert.AreEqual(1, provider.Probes);
    }

    [TestMethod]
    public async Task GetAsync_ProbeFails_IsNotRemembered()
    {
        var provider = new CountingProvider("p") { FailuresLeft = 1 };
        await using var catalog = new DeviceCatalog([provider], NullLogger.Instance);

        await Assert.ThrowsExactlyAsync<IOException>(() => catalog.GetAsync(CancellationToken.None).AsTask());
        var devices = await catalog.GetAsync(CancellationToken.None);

        Assert.HasCount(1, devices.Devices);
        Assert.AreEqual(2, provider.Probes);
    }

    [TestMethod]
    public async Task GetAsync_NothingFound_GivesTheReason()
    {
        await using var catalog = new DeviceCatalog([new CountingProvider("p") { Absence = "no driver" }], NullLogger.Instance);

        var devices = await catalog.GetAsync(CancellationToken.None);

        Assert.IsEmpty(devices.Devices);
        Assert.AreEqual(new DeviceRefusal("p", "no driver"), devices.Unavailable.Single());
    }

    [TestMethod]
    public void Constructor_TwoProvidersOfOneName_Throws() =>
        Assert.ThrowsExactly<InvalidOperationException>(() => new DeviceCatalog([new CountingProvider("p"), new CountingProvider("p")], NullLogger.Instance));

    [TestMethod]
    public async Task GetAsync_TwoDevicesOfOneName_Throws()
    {
        await using var catalog = new DeviceCatalog([new CountingProvider("p"), new CountingProvider("q")], NullLogger.Instance);

        var exception = await Assert.ThrowsExactlyAsync<InvalidOperationException>(() => catalog.GetAsync(CancellationToken.None).AsTask());

        StringAssert.Contains(exception.Message, "'sim:0'");
    }

    [TestMethod]
    public async Task GetDevicesAsync_Registered_ShowsFactsAndState()
    {
        await using var fixture = new EngineFixture(d => d.MemoryBytes = 1000);
        fixture.Device.SetStatus(s => s with { TemperatureCelsius = 55 });

        var snapshot = (await fixture.Engine.GetDevicesAsync()).Single();

        Assert.AreEqual("sim:0", snapshot.Info.Id);
        Assert.IsNull(snapshot.Profile);
        Assert.AreEqual(1000, snapshot.Status.FreeMemoryBytes);
        Assert.AreEqual(55, snapshot.Status.TemperatureCelsius);
    }

    [TestMethod]
    public async Task LoadModelAsync_NoProvider_SaysWhatToAdd()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI();
        await using var provider = services.BuildServiceProvider();

        var exception = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => provider.GetRequiredService<IInferenceEngine>().LoadModelAsync(TestModels.Echo()).AsTask());

        StringAssert.Contains(exception.Message, "AddCpu()");
    }

    private sealed class CountingProvider(string name) : IDeviceProvider
    {
        public int Probes { get; private set; }

        public int FailuresLeft { get; set; }

        public string? Absence { get; init; }

        public string Name => name;

        public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
        {
            Probes++;
            if (FailuresLeft-- > 0) throw new IOException("the bus is asleep");
            return ValueTask.FromResult(Absence is null ? DeviceDiscovery.Found(new SimulatedDevice("sim:0")) : DeviceDiscovery.None(Absence));
        }
    }
}
