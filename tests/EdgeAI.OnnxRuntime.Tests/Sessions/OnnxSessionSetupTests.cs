using EdgeAI.Devices;
using EdgeAI.Onnx;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

/// <summary>What a device provider adds to a session.</summary>
[TestClass]
public sealed class OnnxSessionSetupTests
{
    [TestMethod]
    public async Task InspectAssignments_Model_SeesEveryNodeAndItsProvider()
    {
        // Kept as they are: an optimizer might fuse or fold them.
        var model = Graph(
            [new("MatMul", ["x", "w"], ["v"]) { Name = "project" }, new("Gelu", ["v"], ["y"]) { Name = "activate", Domain = OnnxDomains.Microsoft }],
            [Value("x", "n", 2)], [Value("y", "n", 2)], OnnxTensor.Create<float>("w", new float[4], 2, 2));
        IReadOnlyList<OnnxNodeAssignment>? seen = null;

        await using var session = await OpenAsync(
            model, new DeviceSessionOptions(), new OnnxSessionSetup { DeviceId = "cpu:0", InspectAssignments = nodes => seen = nodes, Configure = o => o.GraphOptimizationLevel = Microsoft.ML.OnnxRuntime.GraphOptimizationLevel.ORT_DISABLE_ALL });

        CollectionAssert.AreEquivalent(
            new[] { new OnnxNodeAssignment("CPUExecutionProvider", "", "MatMul", "project"), new OnnxNodeAssignment("CPUExecutionProvider", "com.microsoft", "Gelu", "activate") },
            seen!.ToArray());
        Assert.AreEqual("com.microsoft.Gelu", seen!.Single(node => node.Node == "activate").QualifiedName);
    }

    [TestMethod]
    public async Task InspectAssignments_Throws_IsWhatOpeningThrows()
    {
        var owned = new Owned();
        var setup = new OnnxSessionSetup { DeviceId = "gpu:0", InspectAssignments = _ => throw new ModelLoadException("refused", "test"), Owned = owned };

        await Assert.ThrowsExactlyAsync<ModelLoadException>(async () => await OpenAsync(Double(), null, setup));

        Assert.AreEqual(1, owned.Disposed);
    }

    [TestMethod]
    public async Task Owned_SessionAndBinding_OutlivesBoth()
    {
        var owned = new Owned();
        var session = await OpenAsync(Double(), null, new OnnxSessionSetup { DeviceId = "gpu:0", Owned = owned });
        var binding = session.CreateBinding();

        await session.DisposeAsync();
        Assert.AreEqual(0, owned.Disposed, "the binding still holds the native session");
        binding.Dispose();

        Assert.AreEqual(1, owned.Disposed);
    }

    [TestMethod]
    public async Task Owned_ModelIsRefused_IsDisposed()
    {
        var owned = new Owned();

        await Assert.ThrowsExactlyAsync<ModelLoadException>(async () => await OpenAsync(Unary("Frobnicate", Float, "n"), null, new OnnxSessionSetup { DeviceId = "gpu:0", Owned = owned }));

        Assert.AreEqual(1, owned.Disposed);
    }

    [TestMethod]
    public async Task MaxConcurrentRuns_Set_IsTheSessions()
    {
        await using var one = await OpenAsync(Double(), null, new OnnxSessionSetup { DeviceId = "gpu:0", MaxConcurrentRuns = 1 });
        await using var many = await OpenAsync(Double());

        Assert.AreEqual(1, one.MaxConcurrentRuns);
        Assert.AreEqual(OnnxSession.SingleThreadedConcurrency, many.MaxConcurrentRuns);
    }

    [TestMethod]
    public async Task FindDeviceFault_AtRun_TurnsTheVerdictIntoADeviceFault()
    {
        var cause = new InsufficientMemoryException();
        string? asked = null;
        var setup = new OnnxSessionSetup { DeviceId = "gpu:0", FindDeviceFault = message => { asked = message; return cause; } };
        var model = Graph([new("Gather", ["d", "i"], ["y"]) { Name = "pick" }], [Value("i", TensorElementType.Int64, "n")], [Value("y", "n")], OnnxTensor.Create<float>("d", new float[3], 3));
        await using var session = await OpenAsync(model, null, setup);
        using var index = TensorValue.Create([7L], 1);

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(async () => await session.RunAsync([index]));

        Assert.AreSame(cause, error.InnerException);
        Assert.AreEqual("gpu:0", error.DeviceId);
        Assert.Contains("pick", asked!);
    }

    [TestMethod]
    public async Task FindDeviceFault_AtOpen_TurnsTheVerdictIntoADeviceFault()
    {
        var cause = new InvalidOperationException("lost");

        var error = await Assert.ThrowsExactlyAsync<DeviceFaultException>(
            async () => await OpenAsync(Unary("Frobnicate", Float, "n"), null, new OnnxSessionSetup { DeviceId = "gpu:0", FindDeviceFault = _ => cause }));

        Assert.AreSame(cause, error.InnerException);
    }

    [TestMethod]
    public void AtOpen_OutOfMemory_TellsTheEngine()
    {
        using var model = Describe(Double());

        var error = NativeFailure.AtOpen("CUDA failure 2: out of memory ; GPU=0", model, new OnnxSessionSetup { DeviceId = "gpu:0" });

        Assert.IsInstanceOfType<OutOfMemoryException>(((DeviceFaultException)error).InnerException);
    }

    private sealed class Owned : IDisposable
    {
        private int _isDisposed;

        public int Disposed { get; private set; }

        // Native resources are given up once, however often they are disposed.
        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Disposed++;
        }
    }
}
