using EdgeAI.Devices;
using EdgeAI.Providers.Cuda.Interop;
using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Probing;
using EdgeAI.Providers.Cuda.Tests.Interop;
using EdgeAI.Providers.Cuda.Tests.Probing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Tests;

[TestClass]
public sealed class CudaDeviceProviderTests
{
    private static readonly ProviderSetup _builtIn = new(ProviderKind.BuiltIn, null, new Dictionary<int, OrtEpDevice?>(), null);

    [TestMethod]
    public async Task DiscoverAsync_NoDriver_HasNoDeviceAndSaysWhatToDo()
    {
        using var empty = new TemporaryFolder();
        var provider = new CudaDeviceProvider(Options.Create(new CudaOptions { DriverFolder = empty.Path }));

        var discovery = await provider.DiscoverAsync();

        Assert.AreEqual("cuda", provider.Name);
        Assert.IsEmpty(discovery.Devices);
        Assert.Contains("the NVIDIA driver is not installed", discovery.Unavailable.Single());
    }

    [TestMethod]
    public async Task DiscoverAsync_DriverButNoExecutionProvider_NamesTheGpuAndWhatIsMissing()
    {
        var provider = Create(new CudaOptions(), [new RecordedGpu { Name = "RTX" }], new ProviderSetup(ProviderKind.None, null, _builtIn.Devices, "there is no library"));

        var discovery = await provider.DiscoverAsync();

        Assert.IsEmpty(discovery.Devices);
        Assert.AreEqual("RTX cannot be used: there is no library", discovery.Unavailable.Single());
    }

    [TestMethod]
    [DoNotParallelize]
    public async Task DiscoverAsync_StubDriverAndCpuBuild_GoesThroughTheRealLibraries()
    {
        var provider = new CudaDeviceProvider(Options.Create(new CudaOptions { DriverFolder = StubDriver.Require(), DeviceIndex = 1, ProviderLibrary = "missing.so" }));

        var discovery = await provider.DiscoverAsync();

        Assert.IsEmpty(discovery.Devices);
        Assert.StartsWith("Stub GPU A cannot be used: CudaOptions.ProviderLibrary names", discovery.Unavailable.Single());
    }

    [TestMethod]
    public async Task DiscoverAsync_Repeated_GivesTheSameDevices()
    {
        var probes = 0;
        var gpus = Find([new RecordedGpu(), new RecordedGpu { Address = "0000:02:00.0" }]);
        var provider = new CudaDeviceProvider(new CudaOptions(), null, null, () => { probes++; return gpus; }, () => _builtIn);

        var first = await provider.DiscoverAsync();
        var second = await provider.DiscoverAsync();

        CollectionAssert.AreEqual(new[] { "cuda:0", "cuda:1" }, first.Devices.Select(device => device.Info.Id).ToArray());
        Assert.AreSame(first.Devices[1], second.Devices[1]);
        Assert.AreEqual(1, probes);
        Assert.Contains("built-in CUDA provider, CUDA 12.8", first.Devices[0].Info.Versions);
    }

    [TestMethod]
    public async Task DiscoverAsync_NothingFound_LooksAgain()
    {
        var found = GpuDiscovery.None("no driver");
        var provider = new CudaDeviceProvider(new CudaOptions(), null, null, () => found, () => _builtIn);
        Assert.IsEmpty((await provider.DiscoverAsync()).Devices);

        found = Find([new RecordedGpu()]);

        Assert.HasCount(1, (await provider.DiscoverAsync()).Devices);
    }

    [TestMethod]
    public async Task DiscoverAsync_DeviceIndex_IsTheOnlyOne()
    {
        RecordedGpu[] gpus = [new(), new() { Address = "0000:02:00.0" }];

        Assert.AreEqual("cuda:1", (await Create(new CudaOptions { DeviceIndex = 1 }, gpus, _builtIn).DiscoverAsync()).Devices.Single().Info.Id);
        Assert.Contains("DeviceIndex is 2", (await Create(new CudaOptions { DeviceIndex = 2 }, gpus, _builtIn).DiscoverAsync()).Unavailable.Single());
    }

    [TestMethod]
    public async Task DiscoverAsync_ProhibitedGpu_IsLeftOut()
    {
        var provider = Create(new CudaOptions(), [new RecordedGpu { Attributes = new() { [CudaAttribute.ComputeMode] = 2 } }, new RecordedGpu()], _builtIn);

        var discovery = await provider.DiscoverAsync();

        Assert.AreEqual("cuda:1", discovery.Devices.Single().Info.Id);
        Assert.Contains("--compute-mode=0", discovery.Unavailable.Single());
    }

    [TestMethod]
    public async Task DiscoverAsync_Plugin_HasOnlyTheGpusThatItOffers()
    {
        var plugin = new ProviderSetup(ProviderKind.Plugin, "/opt/p.so", new Dictionary<int, OrtEpDevice?> { [1] = null }, null);
        var provider = Create(new CudaOptions { StreamPriority = CudaStreamPriority.Highest }, [new RecordedGpu(), new RecordedGpu()], plugin);

        var discovery = await provider.DiscoverAsync();

        Assert.AreEqual("cuda:1", discovery.Devices.Single().Info.Id);
        Assert.Contains("cuda:0", discovery.Unavailable[0]);
        Assert.Contains("StreamPriority has no effect", discovery.Unavailable[1]);
    }

    [TestMethod]
    public async Task DiscoverAsync_GraphsOnAPluginWithoutMemoryPools_SaysThatTheyAreOff()
    {
        var plugin = new ProviderSetup(ProviderKind.Plugin, "/opt/p.so", new Dictionary<int, OrtEpDevice?> { [0] = null, [1] = null }, null);
        RecordedGpu[] gpus = [new(), new() { Attributes = new() { [CudaAttribute.MemoryPools] = 1 } }];

        var unavailable = (await Create(new CudaOptions { UseCudaGraphs = true }, gpus, plugin).DiscoverAsync()).Unavailable;

        Assert.Contains("UseCudaGraphs has no effect on cuda:0", unavailable.Single());
        Assert.IsEmpty((await Create(new CudaOptions { UseCudaGraphs = true }, gpus, _builtIn).DiscoverAsync()).Unavailable);
        Assert.IsEmpty((await Create(new CudaOptions(), gpus, plugin).DiscoverAsync()).Unavailable);
    }

    [TestMethod]
    public void AddCuda_Twice_IsOneProviderAndBothConfigurationsApply()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCuda(o => o.DeviceIndex = 3).AddCuda(o => o.Strict = false);
        using var container = services.BuildServiceProvider();

        Assert.HasCount(1, container.GetServices<IDeviceProvider>());
        var options = container.GetRequiredService<IOptions<CudaOptions>>().Value;
        Assert.AreEqual((3, false), (options.DeviceIndex, options.Strict));
    }

    [TestMethod]
    public void AddCuda_SeveralInvalidOptions_AllAreReported()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCuda(o =>
        {
            o.DeviceIndex = -1;
            o.ProviderLibrary = " ";
            o.DriverFolder = "relative";
            o.SystemRoot = "";
            o.MemoryLimitBytes = 1;
            o.PreallocatedBytes = 5L << 30;
            o.ArenaStrategy = (CudaArenaStrategy)7;
            o.StreamPriority = (CudaStreamPriority)7;
            o.UnifiedMemory = (CudaUnifiedMemory)7;
            o.MaxCudaGraphs = 0;
        });
        using var container = services.BuildServiceProvider();

        var error = Assert.ThrowsExactly<OptionsValidationException>(() => container.GetRequiredService<IDeviceProvider>());

        Assert.HasCount(11, error.Failures);
        foreach (var name in (string[])["DeviceIndex", "ProviderLibrary", "DriverFolder", "SystemRoot", "MemoryLimitBytes", "PreallocatedBytes", "ArenaStrategy", "StreamPriority", "UnifiedMemory", "MaxCudaGraphs"])
        {
            Assert.IsTrue(error.Failures.Any(failure => failure.StartsWith($"CudaOptions.{name} ", StringComparison.Ordinal)), name);
        }
    }

    [TestMethod]
    public void Validate_Defaults_AreValid() => Assert.IsTrue(new CudaOptionsValidator().Validate(null, new CudaOptions()).Succeeded);

    internal static GpuDiscovery Find(IReadOnlyList<RecordedGpu> gpus) => new CudaProbe(new SystemFiles("/nonexistent"), _ => null).Read(new RecordedDriver(gpus), nvml: null);

    private static CudaDeviceProvider Create(CudaOptions options, IReadOnlyList<RecordedGpu> gpus, ProviderSetup setup) => new(options, null, null, () => Find(gpus), () => setup);
}
