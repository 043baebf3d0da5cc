using System.Runtime.InteropServices;
using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Providers.Cpu.Tests;

[TestClass]
public sealed class CpuDeviceProviderTests
{
    [TestMethod]
    public async Task DiscoverAsync_Repeated_GivesTheSameDevice()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCpu();
        await using var container = services.BuildServiceProvider();
        var provider = container.GetRequiredService<IDeviceProvider>();

        var first = await provider.DiscoverAsync();
        var second = await provider.DiscoverAsync();

        Assert.AreEqual("cpu", provider.Name);
        Assert.AreSame(first.Devices.Single(), second.Devices.Single());
        var info = first.Devices[0].Info;
        Assert.AreEqual("cpu:0", info.Id);
        Assert.AreEqual(DeviceKind.Cpu, info.Kind);
        Assert.IsGreaterThanOrEqualTo(1, info.Parallelism!.Value);
    }

    [TestMethod]
    public async Task DiscoverAsync_NoNativeLibrary_SaysWhatToDo()
    {
        var provider = new CpuDeviceProvider(new CpuOptions(), null, null, () => new OnnxRuntimeLibraryCheck(false, null, "1.31.1", "it was not found", "install it"));

        var discovery = await provider.DiscoverAsync();

        Assert.IsEmpty(discovery.Devices);
        Assert.AreEqual("it was not found; install it", discovery.Unavailable.Single());
    }

    [TestMethod]
    public async Task OpenSessionAsync_Model_RunsIt()
    {
        var device = await DiscoverAsync();
        using var model = Describe("Add");
        Assert.AreEqual(DeviceSupport.Full, device.Evaluate(model));

        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions());
        using var x = TensorValue.Create([1f, 2f], 2);
        using var y = (await session.RunAsync([x]))[0];

        CollectionAssert.AreEqual(new[] { 2f, 4f }, y.AsSpan<float>().ToArray());
        Assert.IsTrue(session.Memory.IsHostAccessible);
    }

    [TestMethod]
    public async Task Evaluate_UnknownDomain_NamesTheOperator()
    {
        using var model = Describe("Fft", "my.domain");

        var support = (await DiscoverAsync()).Evaluate(model);

        Assert.AreEqual(DeviceSupportLevel.None, support.Level);
        Assert.AreEqual("my.domain.Fft", support.UnknownOperator);
    }

    [TestMethod]
    public async Task GetStatus_ThisMachine_IsHealthyWithFreeMemory()
    {
        var device = await DiscoverAsync();
        var status = device.GetStatus();

        Assert.AreEqual(DeviceHealth.Healthy, status.Health);
        if (OperatingSystem.IsLinux()) Assert.IsLessThanOrEqualTo(device.Info.MemoryBytes!.Value, status.FreeMemoryBytes!.Value);
    }

    [TestMethod]
    public void GetStatus_AskedAgain_ReadsFreeMemoryFourTimesASecond()
    {
        using var tree = new TemporaryFolder().With("proc/meminfo", "MemTotal: 4000 kB\nMemAvailable: 2000 kB\n");
        var time = new FakeTimeProvider();
        var device = new CpuDevice(new CpuFacts(new SystemTree(tree.Path)), new CpuOptions(), null, time);
        Assert.AreEqual(2000 * 1024, device.GetStatus().FreeMemoryBytes);

        tree.With("proc/meminfo", "MemTotal: 4000 kB\nMemAvailable: 1000 kB\n");
        time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.AreEqual(2000 * 1024, device.GetStatus().FreeMemoryBytes);
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.AreEqual(1000 * 1024, device.GetStatus().FreeMemoryBytes);
    }

    [TestMethod]
    public void AddCpu_Twice_IsOneProviderAndBothConfigurationsApply()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCpu(o => o.MaxParallelism = 3).AddCpu(o => o.SystemRoot = "/other");
        using var provider = services.BuildServiceProvider();

        Assert.HasCount(1, provider.GetServices<IDeviceProvider>());
        var options = provider.GetRequiredService<IOptions<CpuOptions>>().Value;
        Assert.AreEqual(3, options.MaxParallelism);
        Assert.AreEqual("/other", options.SystemRoot);
    }

    [TestMethod]
    public async Task AddCpu_MaxParallelism_IsTheDevices()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCpu(o => o.MaxParallelism = 3);
        await using var provider = services.BuildServiceProvider();

        Assert.AreEqual(3, (await provider.GetRequiredService<IDeviceProvider>().DiscoverAsync()).Devices[0].Info.Parallelism);
    }

    [TestMethod]
    public void AddCpu_SeveralInvalidOptions_AllAreReported()
    {
        var services = new ServiceCollection();
        new EdgeAIBuilder(services).AddCpu(o => (o.SystemRoot, o.MaxParallelism, o.SpinDuration) = ("relative", 0, TimeSpan.FromSeconds(2)));
        using var provider = services.BuildServiceProvider();

        var error = Assert.ThrowsExactly<OptionsValidationException>(() => provider.GetRequiredService<IDeviceProvider>());

        Assert.HasCount(3, error.Failures);
    }

    [TestMethod]
    public void CpuRemarks_NoAvx2_SaysSo()
    {
        var old = new DeviceInfo("cpu:0", "cpu", DeviceKind.Cpu, "Old CPU") { Features = ["sse4_2"] };

        StringAssert.Contains(CpuRemarks.Of(old, Architecture.X64).Single(), "AVX2");
        Assert.IsEmpty(CpuRemarks.Of(old, Architecture.Arm64));
        Assert.IsEmpty(CpuRemarks.Of(old with { Features = ["avx2"] }, Architecture.X64));
        Assert.IsEmpty(CpuRemarks.Of(old with { Features = [] }, Architecture.X64), "unknown is not absent");
    }

    private static async Task<IDevice> DiscoverAsync() =>
        (await new CpuDeviceProvider(Options.Create(new CpuOptions())).DiscoverAsync()).Devices.Single();

    private static OnnxModelDescriptor Describe(string op, string domain = "")
    {
        var graph = new OnnxGraph("test", [new OnnxNode(op, ["x", "x"], ["y"]) { Domain = domain }],
            [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n")], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "n")]);
        var model = domain.Length == 0 ? new OnnxModel(graph, 21) : new OnnxModel(graph, 21, new OnnxOpsetImport(domain, 1));
        return OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(model), "test"));
    }
}
