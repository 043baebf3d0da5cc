using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.OnnxRuntime.Tests.Environment;
using Microsoft.ML.OnnxRuntime;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>
/// Graphs without a GPU: the CPU's execution provider captures none and knows no gpu_graph_id, so that every run computes; what is tested is the fixed
/// buffers, what goes in and out of them, and when they are used.
/// </summary>
[TestClass]
public sealed class GraphCaptureTests
{
    [TestMethod]
    public async Task Run_ShapeComesAgain_IsReplayedFromFixedBuffers()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();

        await RunAsync(binding, 1, 2, 3);
        Assert.AreEqual(0, memory.Allocations, "the first run of a shape teaches its outputs");
        await RunAsync(binding, 4, 5, 6);
        Assert.AreEqual((2, 2, 1), (memory.Allocations, memory.CopiesIn, memory.CopiesOut), "zeros, then the real inputs; the answer, to be compared");
        await RunAsync(binding, 7, 8, 9);
        await RunAsync(binding, -1, 0, 1);

        Assert.AreEqual((2, 4, 3), (memory.Allocations, memory.CopiesIn, memory.CopiesOut), "no new buffers: their addresses stay");
        Assert.AreEqual(1, session.MaxConcurrentRuns);
    }

    [TestMethod]
    public async Task Run_MoreShapesThanGraphs_TheOthersRunAsUsual()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory, maxGraphs: 2);
        using var binding = session.CreateBinding();

        for (var round = 0; round < 3; round++)
        {
            for (var length = 1; length <= 4; length++) await RunAsync(binding, [.. Enumerable.Range(round, length).Select(i => (float)i)]);
        }

        Assert.AreEqual((4, 4), (memory.Allocations, memory.Live), "two graphs of one input and one output");
    }

    [TestMethod]
    public async Task Run_OtherBindingOfTheSession_UsesTheSameGraphs()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory);
        using var first = session.CreateBinding();
        using var second = session.CreateBinding();

        await RunAsync(first, 1, 2);
        await RunAsync(second, 3, 4);
        await RunAsync(first, 5, 6);
        await RunAsync(second, 7, 8);

        Assert.AreEqual((2, 4), (memory.Allocations, memory.CopiesIn));
    }

    [TestMethod]
    public async Task Run_BoundOutput_IsWrittenInPlaceAndGivenEachTime()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();
        using var destination = TensorValue.Create(new float[2], 2);
        binding.SetOutput(0, destination);
        for (var run = 0; run < 4; run++)
        {
            using var input = TensorValue.Create([run, 10f], 2);
            binding.SetInput(0, input);
            await binding.RunAsync();

            Assert.AreSame(destination, binding.GetOutput(0));
            Assert.AreSame(destination, binding.GetOutput(0));
            CollectionAssert.AreEqual(new[] { 2f * run, 20f }, destination.AsSpan<float>().ToArray());
        }

        Assert.AreEqual(3, memory.CopiesOut);
    }

    [TestMethod]
    public async Task Run_DestinationOfAnotherShape_IsRefusedAsInAUsualRun()
    {
        var memory = new FixedMemory();
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();
        for (var run = 0; run < 3; run++) await RunAsync(binding, 1, 2);
        using var input = TensorValue.Create([1f, 2f], 2);
        using var tooLong = TensorValue.Create(new float[3], 3);
        binding.SetInput(0, input);
        binding.SetOutput(0, tooLong);

        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () => await binding.RunAsync());

        binding.SetOutput(0, null);
        await RunAsync(binding, 3, 4);
    }

    [TestMethod]
    public async Task GetOutput_AllocatedOutput_IsHandedOverOnce()
    {
        await using var session = await OpenAsync(new FixedMemory());
        using var binding = session.CreateBinding();
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0), "nothing ran");
        for (var run = 0; run < 3; run++)
        {
            await RunAsync(binding, 1, 2);

            Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0), "it was handed over");
        }

        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => binding.GetOutput(1));
    }

    [TestMethod]
    public async Task SelectOutputs_OtherOutputs_AreAGraphOfTheirOwn()
    {
        var memory = new FixedMemory();
        var model = Graph([new("Add", ["x", "x"], ["y"]), new("Neg", ["x"], ["z"])], [Value("x", "n")], [Value("y", "n"), Value("z", "n")]);
        await using var session = await OpenAsync(memory, model: model);
        using var binding = session.CreateBinding();
        using var input = TensorValue.Create([3f], 1);
        binding.SetInput(0, input);

        ((IOutputSelection)binding).SelectOutputs([1]);
        for (var run = 0; run < 3; run++) await binding.RunAsync();
        Assert.AreEqual(2, memory.Allocations);
        ((IOutputSelection)binding).SelectOutputs([1, 0]);
        for (var run = 0; run < 3; run++) await binding.RunAsync();

        Assert.AreEqual(5, memory.Allocations);
        using TensorValue y = binding.GetOutput(0), z = binding.GetOutput(1);
        Assert.AreEqual((6f, -3f), (y.AsSpan<float>()[0], z.AsSpan<float>()[0]));
    }

    [TestMethod]
    public async Task Run_ReplayKeepsTheInputsOfItsCapture_IsFoundOutAndNeverUsed()
    {
        // The copy of the zeros arrives, none after it.
        var memory = new FixedMemory { StaleFrom = 2 };
        using var loggers = new CapturingLoggers();
        await using var session = await OpenAsync(memory, loggers: loggers);
        using var binding = session.CreateBinding();

        for (var run = 1; run < 5; run++) await RunAsync(binding, run, run);

        Assert.AreEqual((2, 0), (memory.Allocations, memory.Live), "tried once, then given up");
        Assert.IsTrue(loggers.Entries.Any(entry => entry.Text.Contains("its replay gives another answer in output 0", StringComparison.Ordinal)));
    }

    [TestMethod]
    public async Task Run_NoMemoryForTheBuffers_GoesOnAsUsualAndLeavesNothing()
    {
        var memory = new FixedMemory { Room = 1 };
        await using var session = await OpenAsync(memory);
        using var binding = session.CreateBinding();

        for (var run = 1; run < 5; run++) await RunAsync(binding, run, run);

        Assert.AreEqual((1, 0), (memory.Allocations, memory.Live));
    }

    [TestMethod]
    public async Task Run_OutputShapeDependsOnValues_IsNotCaptured()
    {
        var memory = new FixedMemory();
        var model = Graph([new("NonZero", ["x"], ["y"])], [Value("x", "n")], [Value("y", TensorElementType.Int64, 1, "found")]);
        await using var session = await OpenAsync(memory, model: model);
        using var binding = session.CreateBinding();
        foreach (var input in (float[][])[[1, 0, 0], [1, 1, 0], [0, 0, 0], [1, 1, 1]])
        {
            using var tensor = TensorValue.Create(input, 3);
            binding.SetInput(0, tensor);
            await binding.RunAsync();
            using var output = binding.GetOutput(0);

            Assert.AreEqual(input.Sum(), output.Lengths[1]);
        }

        Assert.AreEqual(0, memory.Live);
    }

    [TestMethod]
    public async Task Run_CopyFailsInAReplay_IsADeviceFault()
    {
        var memory = new FixedMemory();
        var judged = new InvalidOperationException("lost");
        await using var session = await OpenAsync(memory, findFault: message => message.Contains("700", StringComparison.Ordinal) ? judged : null);
        using var binding = session.CreateBinding();
        for (var run = 0; run < 3; run++) await RunAsync(binding, 1, 2);
        using var input = TensorValue.Create([1f, 2f], 2);
        binding.SetInput(0, input);
        memory.Fault = new IOException("CUDA failure 700: illegal memory access.");

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await binding.RunAsync());

        Assert.AreSame(judged, error.InnerException);
        Assert.AreEqual("gpu:0", error.DeviceId);
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
        memory.Fault = null;
        await RunAsync(binding, 3, 4);
    }

    [TestMethod]
    public async Task Dispose_SessionBeforeBinding_KeepsTheBuffersUntilTheLast()
    {
        var memory = new FixedMemory();
        var session = await OpenAsync(memory);
        var binding = session.CreateBinding();
        for (var run = 0; run < 3; run++) await RunAsync(binding, 1, 2);

        await session.DisposeAsync();
        Assert.AreEqual(2, memory.Live);
        await RunAsync(binding, 3, 4);
        binding.Dispose();
        binding.Dispose();

        Assert.AreEqual(0, memory.Live);
        Assert.ThrowsExactly<ObjectDisposedException>(() => binding.SetOutput(0, null));
        await Assert.ThrowsExactlyAsync<ObjectDisposedException>(async () => await binding.RunAsync());
    }

    [TestMethod]
    public async Task Run_Cancelled_StopsAsAUsualRun()
    {
        await using var session = await OpenAsync(new FixedMemory());
        using var binding = session.CreateBinding();
        using var input = TensorValue.Create([1f], 1);
        binding.SetInput(0, input);

        await Assert.ThrowsAsync<OperationCanceledException>(async () => await binding.RunAsync(new CancellationToken(canceled: true)));

        await RunAsync(binding, 3, 4);
    }

    [TestMethod]
    public async Task Run_OtherRunUnderWay_TriesAgainLater()
    {
        var memory = new FixedMemory();
        var gate = new OnnxCaptureGate();
        await using var session = await OpenAsync(memory, gate: gate);
        using var binding = session.CreateBinding();
        using (gate.EnterLoading())
        {
            for (var run = 0; run < 4; run++) await RunAsync(binding, run, 2);
            Assert.AreEqual(0, memory.Allocations, "somebody loads a model");
        }

        await RunAsync(binding, 1, 2);
        Assert.AreEqual(2, memory.Allocations);
        await RunAsync(binding, 3, 4);
    }

    [TestMethod]
    [DataRow("String", "'x' is no numeric tensor")]
    [DataRow("Random", "RandomNormalLike gives the same numbers in each replay")]
    [DataRow("Cpu", "input 'x' is read on the CPU")]
    public async Task Open_UnsuitableModel_SaysWhy(string which, string expected)
    {
        var memory = which == "Cpu" ? new FixedMemory { MemoryInfo = new OrtMemoryInfo(OrtMemoryInfo.allocatorCUDA, OrtAllocatorType.DeviceAllocator, 0, OrtMemType.Default) } : new FixedMemory();
        var model = which switch
        {
            "String" => Unary("Identity", TensorElementType.String, "n"),
            "Random" => Unary("RandomNormalLike", Float, "n"),
            _ => Double(),
        };

        var error = await Assert.ThrowsExactlyAsync<OnnxGraphCaptureException>(async () => await OpenAsync(memory, model: model));

        Assert.Contains(expected, error.Message);
        Assert.IsFalse(error.IsTransient);
    }

    [TestMethod]
    public void AtOpen_OnnxRuntimeRefusesTheCapture_IsToldApart()
    {
        using var model = Describe(Double());
        var setup = new OnnxSessionSetup { DeviceId = "cuda:0", GraphCapture = new OnnxGraphCapture { Memory = new FixedMemory() } };
        const string Text = "This session cannot use the graph capture feature as requested by the user  as all compute graph nodes have not been partitioned to the CUDAExecutionProvider";

        Assert.IsInstanceOfType<OnnxGraphCaptureException>(NativeFailure.AtOpen(Text, model, setup));
        Assert.IsNotInstanceOfType<OnnxGraphCaptureException>(NativeFailure.AtOpen(Text, model, setup with { GraphCapture = null }), "nobody asked for it");
    }

    private static Task<IDeviceSession> OpenAsync(
        FixedMemory memory, int maxGraphs = OnnxGraphCapture.DefaultMaxGraphs, OnnxModel? model = null, CapturingLoggers? loggers = null, Func<string, Exception?>? findFault = null, OnnxCaptureGate? gate = null) =>
        TestModels.OpenAsync(model ?? Double(), null, new OnnxSessionSetup
        {
            DeviceId = "gpu:0",
            GraphCapture = new OnnxGraphCapture { Memory = memory, MaxGraphs = maxGraphs, Gate = gate },
            LoggerFactory = loggers,
            FindDeviceFault = findFault,
        });

    /// <summary>Runs the doubling model and checks its answer.</summary>
    private static async Task RunAsync(ISessionBinding binding, params float[] values)
    {
        using var input = TensorValue.Create(values, values.Length);
        binding.SetInput(0, input);
        await binding.RunAsync();
        using var output = binding.GetOutput(0);
        CollectionAssert.AreEqual(values.Select(value => 2 * value).ToArray(), output.AsSpan<float>().ToArray());
    }
}
