using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Providers.Cpu.Placement;
using EdgeAI.Providers.Cpu.Probing;

namespace EdgeAI.Providers.Cpu.Tests;

/// <summary>Placement as ONNX Runtime's own threads and answers show it.</summary>
[TestClass]
public sealed class CpuDevicePlacementTests
{
    [TestMethod]
    public async Task OpenSessionAsync_FastCoresOnly_BindsTheWorkersToThem()
    {
        if (ThreadAffinity.TryRead() is not { Count: > 1 } usable) Assert.Inconclusive("needs Linux and two usable processors");
        else await BindsWorkersAsync(usable[1]);
    }

    [TestMethod]
    public async Task OpenSessionAsync_PlacementSwitchedOff_BindsNothing()
    {
        if (ThreadAffinity.TryRead() is not { Count: > 1 } usable) Assert.Inconclusive("needs Linux and two usable processors");
        else await BindsNothingAsync(usable[1], new CpuOptions { PlaceThreads = false }, new DeviceSessionOptions { Threads = 2 });
    }

    [TestMethod]
    public async Task OpenSessionAsync_PlacesInTheSettings_CountInsteadOfOurs()
    {
        if (ThreadAffinity.TryRead() is not { Count: > 1 } usable) Assert.Inconclusive("needs Linux and two usable processors");
        else await BindsNothingAsync(usable[1], new CpuOptions(), new DeviceSessionOptions { Threads = 2, Settings = new Dictionary<string, string> { ["session.intra_op_thread_affinities"] = $"{usable[0] + 1},{usable[1] + 1}" } });
    }

    [TestMethod]
    public async Task OpenSessionAsync_ModelThatIsRefused_GivesItsPlacesBack()
    {
        await using var device = Device(0, new CpuOptions());
        using var model = Describe("NoSuchOperator");

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = 2 }).AsTask());

        CollectionAssert.AreEqual(new[] { 0 }, device.PlacedThreads.ToArray());
    }

    [TestMethod]
    public async Task DisposeAsync_Session_GivesItsPlacesBack()
    {
        await using var device = Device(0, new CpuOptions { PlaceThreads = true });
        using var model = Describe("Mul");
        var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = 1, Lanes = 2 });
        CollectionAssert.AreEqual(new[] { 2 }, device.PlacedThreads.ToArray());

        await session.DisposeAsync();
        await session.DisposeAsync();

        CollectionAssert.AreEqual(new[] { 0 }, device.PlacedThreads.ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task RunAsync_OnAPreparedThread_FlushesDenormalsWhereAsked(bool flush)
    {
        if (FloatingPointMode.TryRead() is null) Assert.Inconclusive("the C library has no floating-point environment that is known here");
        await using var device = Device(0, new CpuOptions { FlushDenormals = flush });
        using var model = Describe("Mul");
        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions());

        var product = 1f;
        var lane = new Thread(() =>
        {
            ((session as IServiceProvider)?.GetService(typeof(IThreadPreparation)) as IThreadPreparation)?.PrepareThread();
            product = Square(session, 1e-20f);
        });
        lane.Start();
        lane.Join();

        Assert.AreEqual(flush, product == 0, $"1e-20 squared is 1e-40, below the normal form; the answer was {product}");
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(50)]
    [DataRow(1_000_000)]
    public async Task OpenSessionAsync_SpinDuration_IsAccepted(int microseconds)
    {
        await using var device = Device(0, new CpuOptions { SpinDuration = TimeSpan.FromMicroseconds(microseconds) });
        using var model = Describe("Mul");
        await using var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = 2 });

        Assert.AreEqual(9f, Square(session, 3));
    }

    private static async Task BindsWorkersAsync(int processor)
    {
        var before = CountBoundTo(processor);
        await using var device = Device(processor, new CpuOptions());
        using var model = Describe("Mul");
        await using (var session = await device.OpenSessionAsync(model, new DeviceSessionOptions { Threads = 2 }))
        {
            // The lane's thread is the second one.
            Assert.AreEqual(before + 1, CountBoundTo(processor));
            Assert.AreEqual(9f, Square(session, 3));
        }
    }

    private static async Task BindsNothingAsync(int processor, CpuOptions options, DeviceSessionOptions session)
    {
        var before = CountBoundTo(processor);
        await using var device = Device(processor, options);
        using var model = Describe("Mul");
        await using var opened = await device.OpenSessionAsync(model, session);

        Assert.AreEqual(before, CountBoundTo(processor));
    }

    /// <summary>A machine of two fast cores, both by the name of one processor here so that it shows, and a frugal one.</summary>
    private static CpuDevice Device(int fast, CpuOptions options) => new(new CpuFacts(new Machine(fast), isLive: true, features: []), options, null, TimeProvider.System);

    private static float Square(IDeviceSession session, float value)
    {
        using var x = TensorValue.Create([value], 1);
        using var binding = session.CreateBinding();
        binding.SetInput(0, x);
        binding.RunAsync().AsTask().GetAwaiter().GetResult();
        using var y = binding.GetOutput(0);
        return y.AsSpan<float>()[0];
    }

    private static int CountBoundTo(int processor)
    {
        var count = 0;
        foreach (var task in Directory.GetDirectories("/proc/self/task"))
        {
            try
            {
                if (File.ReadLines(Path.Join(task, "status")).Any(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal) && line.Split(':')[1].Trim() == $"{processor}")) count++;
            }
            catch (IOException)
            {
                // The thread has ended.
            }
        }

        return count;
    }

    private static OnnxModelDescriptor Describe(string op) => OnnxModelDescriptor.Open(ModelSource.FromBytes(
        OnnxWriter.ToBytes(new OnnxModel(
            new OnnxGraph("test", [new OnnxNode(op, ["x", "x"], ["y"])], [OnnxValueInfo.Tensor("x", TensorElementType.Float32, "n")], [OnnxValueInfo.Tensor("y", TensorElementType.Float32, "n")]), 21)),
        "test"));

    private sealed class Machine(int fast) : ICpuSystem
    {
        public CpuReading Reading { get; } = new()
        {
            Topology = new CpuTopology(1, 1, 3, 2, 1, 3) { CoreProcessors = [[fast], [fast], [4000]], PerformanceProcessors = [fast], EfficiencyProcessors = [4000] },
        };

        public long? ReadFreeMemory() => null;

        public CpuState ReadState() => default;
    }
}
