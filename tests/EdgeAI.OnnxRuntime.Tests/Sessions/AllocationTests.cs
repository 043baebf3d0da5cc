using EdgeAI.Devices;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>The hot path: managed bytes per run.</summary>
[TestClass]
[DoNotParallelize]
public sealed class AllocationTests
{
    private const int Runs = 1000;

    [TestMethod]
    public async Task RunAsync_EverythingBound_AllocatesNothing()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[16], 16);
        using var y = TensorValue.Create(new float[16], 16);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);

        Assert.AreEqual(0, Measure(() => binding.RunAsync().GetAwaiter().GetResult()));
    }

    [TestMethod]
    public async Task RunAsync_OtherTensorsEachTime_AllocatesNothing()
    {
        await using var session = await OpenAsync(Double());
        using var binding = session.CreateBinding();
        TensorValue[] tensors = [.. Enumerable.Range(0, 4).Select(_ => TensorValue.Create(new float[16], 16))];
        var turn = 0;

        var perRun = Measure(() =>
        {
            binding.SetInput(0, tensors[turn++ % 2]);
            binding.SetOutput(0, tensors[2 + turn % 2]);
            binding.RunAsync().GetAwaiter().GetResult();
        });

        Assert.AreEqual(0, perRun);
        foreach (var tensor in tensors) tensor.Dispose();
    }

    [TestMethod]
    public async Task RunAsync_ReplayOfAGraphEverythingBound_AllocatesNothing()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(Double(), null, new OnnxSessionSetup { DeviceId = "gpu:0", GraphCapture = new OnnxGraphCapture { Memory = memory, Gate = new OnnxCaptureGate() } });
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[16], 16);
        using var y = TensorValue.Create(new float[16], 16);
        binding.SetInput(0, x);
        binding.SetOutput(0, y);

        Assert.AreEqual(0, Measure(() => binding.RunAsync().GetAwaiter().GetResult()));
        Assert.IsGreaterThan(Runs, memory.CopiesOut, "they were replays");
    }

    [TestMethod]
    public async Task GetOutput_SessionAllocated_TakesAtMost200Bytes()
    {
        await using var session = await OpenAsync(Unary("Neg", Float, "n", 2, 2, 2));
        using var binding = session.CreateBinding();
        using var x = TensorValue.Create(new float[8], 1, 2, 2, 2);
        binding.SetInput(0, x);

        var perRun = Measure(() =>
        {
            binding.RunAsync().GetAwaiter().GetResult();
            binding.GetOutput(0).Dispose();
        });

        Assert.IsLessThanOrEqualTo(200, perRun);
    }

    private static long Measure(Action action)
    {
        for (var i = 0; i < 100; i++) action();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < Runs; i++) action();
        return (GC.GetAllocatedBytesForCurrentThread() - before) / Runs;
    }
}
