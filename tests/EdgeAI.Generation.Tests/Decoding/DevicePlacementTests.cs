using EdgeAI.Devices;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeAI.Generation.Tests;

/// <summary>On which of several simulated devices a model is loaded. Tokens mean nothing here.</summary>
[TestClass]
public sealed class DevicePlacementTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestContext TestContext { get; set; } = null!;

    private string Model => _folder.PathOf("model");

    [TestInitialize]
    public async Task InitializeAsync() =>
        await ModelBuilder.BuildAsync("synthetic:tiny-llama", Model, new ModelBuildOptions { Precision = ModelPrecision.Float32, Threads = 1 }, cancellationToken: TestContext.CancellationToken);

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    [DataRow(null, true, "gpu:0", "no device was measured, and accelerators come before CPUs")]
    [DataRow("cpu:0", true, "cpu:0", "it was asked for by name")]
    public async Task LoadAsync_SeveralDevices_SaysWhichAndWhy(string? deviceId, bool isUnified, string expected, string reason)
    {
        await using var services = Services(isUnified);
        await using var generator = await LoadAsync(services, new TextGeneratorOptions { DeviceId = deviceId });

        Assert.AreEqual((expected, reason), (generator.Model.DeviceId, generator.Model.DeviceReason));
        var runs = services.GetSimulatedDevice(expected).Statistics.RunsStarted;
        await foreach (var _ in generator.Generate(new GenerationRequest(new[] { 1, 2 }) { Options = new() { MaxTokens = 3, IgnoreEndTokens = true, Speculate = false } }))
        {
        }

        // A prompt, and two tokens after the first.
        Assert.AreEqual(runs + 3, services.GetSimulatedDevice(expected).Statistics.RunsStarted);
        Assert.AreEqual(0, services.GetSimulatedDevice(expected == "gpu:0" ? "cpu:0" : "gpu:0").Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task LoadAsync_AcceleratorsMemoryIsNotTheHosts_TakesTheCpu()
    {
        await using var services = Services(isUnified: false);
        await using var generator = await LoadAsync(services, new TextGeneratorOptions());

        Assert.AreEqual("cpu:0", generator.Model.DeviceId);
    }

    [TestMethod]
    public async Task LoadAsync_AcceleratorHasFailed_TakesTheCpu()
    {
        await using var services = Services(isUnified: true);
        await services.GetRequiredService<IInferenceEngine>().GetDevicesAsync(TestContext.CancellationToken);
        services.GetSimulatedDevice("gpu:0").SetStatus(status => status with { Health = DeviceHealth.Failed });
        await using var generator = await LoadAsync(services, new TextGeneratorOptions());

        Assert.AreEqual("cpu:0", generator.Model.DeviceId);
    }

    [TestMethod]
    public async Task LoadAsync_AsksTheBroker_ForTheWeightsThatEachTokenReads()
    {
        await using var services = Services(isUnified: true);
        var broker = new Recorder(services.GetRequiredService<IDeviceBroker>());
        await using var generator = await LoadAsync(services, new TextGeneratorOptions { MaxSequences = 3, PrefixCacheBytes = 0 }, broker);

        var memory = broker.Estimates[0];
        using var folder = DecoderFolder.Open(Model);
        Assert.AreEqual(folder.Model.WeightBytes, memory.BytesPerStep);
        CollectionAssert.AreEqual(new[] { "cpu:0", "gpu:0" }, memory.DeviceIds!.ToArray());

        // A host that names a number of sequences wants no fewer.
        Assert.AreEqual(memory.MemoryBytes, memory.MinMemoryBytes);
        Assert.AreEqual(3, generator.Model.MaxSequences);
    }

    [TestMethod]
    public async Task LoadAsync_LittleMemoryIsFree_ServesAsManySequencesAsFit()
    {
        await using var services = Services(isUnified: false, options => options.MemoryBudget = 64 << 20);
        using var folder = DecoderFolder.Open(Model);
        var slot = KeyValueCache.BytesPerSlot(folder.Configuration, folder.Layout.CacheType, capacity: 128);
        var weights = (long)(folder.Model.WeightBytes * 1.4);
        using var others = await services.GetRequiredService<IDeviceBroker>().LeaseAsync(new WorkloadEstimate { Cores = 0, MemoryBytes = (64 << 20) - weights - (3 * slot) - 1 });

        await using var generator = await LoadAsync(services, new TextGeneratorOptions { ContextLength = 128, PrefixCacheBytes = 0 });

        Assert.AreEqual(3, generator.Model.MaxSequences);
    }

    private static ServiceProvider Services(bool isUnified, Action<EdgeAIOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(configure)
            .AddSimulatedDevice("cpu:0", options => (options.Kind, options.Parallelism) = (DeviceKind.Cpu, 2))
            .AddSimulatedDevice("gpu:0", options => (options.Kind, options.HasUnifiedMemory) = (DeviceKind.Gpu, isUnified));
        return services.BuildServiceProvider();
    }

    private async Task<ITextGenerator> LoadAsync(ServiceProvider services, TextGeneratorOptions options, IDeviceBroker? broker = null)
    {
        var factory = new TextGeneratorFactory(broker ?? services.GetRequiredService<IDeviceBroker>(), services.GetServices<IDeviceProvider>(), TimeProvider.System, NullLoggerFactory.Instance);
        return await factory.LoadAsync(Model, options, TestContext.CancellationToken);
    }

    private sealed class Recorder(IDeviceBroker broker) : IDeviceBroker
    {
        public List<WorkloadEstimate> Estimates { get; } = [];

        public ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default)
        {
            lock (Estimates) Estimates.Add(estimate);
            return broker.LeaseAsync(estimate, cancellationToken);
        }
    }
}
