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
    public async Task RefreshAsync_DeviceComesAndGoes_IsFoundAndForgotten()
    {
        var provider = new CountingProvider("p") { Absence = "no cable" };
        await using var catalog = new DeviceCatalog([provider], NullLogger.Instance);
        Assert.IsEmpty((await catalog.GetAsync(CancellationToken.None)).Devices);

        provider.Absence = null;
        var found = await catalog.RefreshAsync(CancellationToken.None);
        Assert.AreSame(found, await catalog.GetAsync(CancellationToken.None));
        Assert.HasCount(1, found.Devices);
        Assert.IsEmpty(found.Unavailable);

        provider.Absence = "pulled out";
        Assert.IsEmpty((await catalog.RefreshAsync(CancellationToken.None)).Devices);
        Assert.IsEmpty((await catalog.GetAsync(CancellationToken.None)).Devices);
    }

    [TestMethod]
    public async Task RefreshAsync_ProbeFails_LeavesWhatWasKnown()
    {
        var provider = new CountingProvider("p");
        await using var catalog = new DeviceCatalog([provider], NullLogger.Instance);
        var known = await catalog.GetAsync(CancellationToken.None);

        provider.FailuresLeft = 1;

        Assert.AreSame(known, await catalog.RefreshAsync(CancellationToken.None));
        Assert.AreSame(known, await catalog.GetAsync(CancellationToken.None));
    }

    [TestMethod]
    public async Task LoadModelAsync_DeviceAppearsLater_ModelJoinsIt()
    {
        await using var fixture = EngineFixture.ForBatching(more: builder => builder.AddSimulatedDevice("sim:1"));
        var second = fixture.Services.GetSimulatedDevice("sim:1");
        second.Vanish();
        await using var model = await fixture.LoadAsync();
        Assert.AreEqual(0, second.Statistics.OpenSessions);

        second.Appear();
        fixture.Time.Advance(TimeSpan.FromSeconds(30));

        await second.WhenAsync(s => s.OpenSessions > 0);
    }

    [TestMethod]
    public async Task LoadModelAsync_NotChecked_StaysWhereItIs()
    {
        await using var fixture = EngineFixture.ForBatching(options: options => options.DeviceCheckPeriod = null, more: builder => builder.AddSimulatedDevice("sim:1"));
        var second = fixture.Services.GetSimulatedDevice("sim:1");
        second.Vanish();
        await using var model = await fixture.LoadAsync();

        second.Appear();
        fixture.Time.Advance(TimeSpan.FromDays(1));

        Assert.HasCount(1, await fixture.Engine.GetDevicesAsync());
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

        public string? Absence { get; set; }

        public string Name => name;

        public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default)
        {
            Probes++;
            if (FailuresLeft-- > 0) throw new IOException("the bus is asleep");
            return ValueTask.FromResult(Absence is null ? DeviceDiscovery.Found(new SimulatedDevice("sim:0")) : DeviceDiscovery.None(Absence));
        }
    }
}
