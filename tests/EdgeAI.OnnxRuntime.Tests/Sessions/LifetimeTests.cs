using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.ML.OnnxRuntime;
using static EdgeAI.OnnxRuntime.Tests.TestModels;

namespace EdgeAI.OnnxRuntime.Tests.Sessions;

[TestClass]
public sealed class LifetimeTests
{
    [TestMethod]
    public async Task DisposeAsync_BindingStillThere_BindingWorksAndHoldsTheModel()
    {
        var descriptor = Describe(Double());
        var session = await OpenAsync(descriptor);
        descriptor.Dispose();
        var binding = session.CreateBinding();
        using var x = TensorValue.Create([4f], 1);
        binding.SetInput(0, x);

        await session.DisposeAsync();
        await binding.RunAsync();
        using (var y = binding.GetOutput(0)) Assert.AreEqual(8f, y.AsSpan<float>()[0]);

        Assert.IsFalse(descriptor.IsFreed);
        binding.Dispose();
        Assert.IsTrue(descriptor.IsFreed);
    }

    [TestMethod]
    [Timeout(60_000)]
    public async Task Dispose_EverythingDuringARun_RunEndsAndAllIsFreed()
    {
        const int Size = 256;
        var descriptor = Describe(LongRunning(nodes: 100, Size));
        var session = await OpenAsync(descriptor);
        descriptor.Dispose();
        var binding = session.CreateBinding();
        var x = TensorValue.Create(new NativeBuffer(Size * Size * 4, clear: true), Float, Size, Size);
        binding.SetInput(0, x);

        var run = Task.Run(() => binding.RunAsync().AsTask());
        SpinWait.SpinUntil(() => run.IsCompleted || Throws(() => binding.SetOutput(0, null)));
        x.Dispose();
        await session.DisposeAsync();
        binding.Dispose();
        await run;

        Assert.IsTrue(descriptor.IsFreed);
        Assert.IsTrue(x.IsFreed);
    }

    [TestMethod]
    public async Task RunAsync_ManyBindingsOfOneThreadedSession_AllAnswerRight()
    {
        await using var session = await OpenAsync(Double(), new DeviceSessionOptions { Threads = 1 });
        Assert.IsGreaterThanOrEqualTo(64, session.MaxConcurrentRuns);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(lane => Task.Run(async () =>
        {
            using var binding = session.CreateBinding();
            for (var i = 0; i < 500; i++)
            {
                using var x = TensorValue.Create([lane * 1000f + i], 1);
                binding.SetInput(0, x);
                await binding.RunAsync();
                using var y = binding.GetOutput(0);
                Assert.AreEqual(2 * (lane * 1000f + i), y.AsSpan<float>()[0]);
            }
        })));
    }

    [TestMethod]
    public async Task MaxConcurrentRuns_SeveralThreads_IsOne()
    {
        await using var session = await OpenAsync(Double(), new DeviceSessionOptions { Threads = 2 });

        Assert.AreEqual(1, session.MaxConcurrentRuns);
    }

    [TestMethod]
    public async Task GetService_InferenceSession_IsTheRawSession()
    {
        await using var session = await OpenAsync(Double());

        var raw = ((IServiceProvider)session).GetService(typeof(InferenceSession)) as InferenceSession;

        CollectionAssert.AreEqual(new[] { "x" }, raw!.InputNames.ToArray());
        Assert.IsNull(((IServiceProvider)session).GetService(typeof(string)));
    }

    [TestMethod]
    public async Task OpenAsync_Settings_OverrideOurs()
    {
        // A key that ONNX Runtime itself checks: the wrong number of affinities fails the load.
        var options = new DeviceSessionOptions { Threads = 2, Settings = new Dictionary<string, string> { ["session.intra_op_thread_affinities"] = "1;1;1;1" } };

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(Double(), options));
    }

    [TestMethod]
    public async Task OpenAsync_SettingRefused_NamesIt()
    {
        var options = new DeviceSessionOptions { Settings = new Dictionary<string, string> { [""] = "1" } };

        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => OpenAsync(Double(), options));

        StringAssert.Contains(error.Message, "setting ''");
    }

    [TestMethod]
    public async Task OpenAsync_Settings_ReachTheSessionAfterConfigure()
    {
        List<string> order = [];
        var setup = new OnnxSessionSetup { DeviceId = "cpu:0", Configure = o => { order.Add("configure"); o.AddSessionConfigEntry("session.intra_op.allow_spinning", "1"); } };
        var options = new DeviceSessionOptions { Threads = 2, Settings = new Dictionary<string, string> { ["session.intra_op.allow_spinning"] = "0" } };

        await using var session = await OpenAsync(Double(), options, setup);

        Assert.HasCount(1, order);
    }

    [TestMethod]
    public async Task OpenAsync_FreeDimensionOverride_FixesTheLength()
    {
        var options = new DeviceSessionOptions { FreeDimensionOverrides = new Dictionary<string, long> { ["n"] = 3 } };
        await using var session = await OpenAsync(Double(), options);

        using var y = (await session.RunAsync([TensorValue.Create(new float[3], 3)]))[0];
        Assert.AreEqual(3, y.Lengths[0]);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(() => session.RunAsync([TensorValue.Create(new float[4], 4)]).AsTask());
    }

    [TestMethod]
    public async Task OpenAsync_NoThreads_Throws() =>
        await Assert.ThrowsExactlyAsync<ArgumentOutOfRangeException>(() => OpenAsync(Double(), new DeviceSessionOptions { Threads = 0 }));

    [TestMethod]
    public async Task OpenAsync_EveryModelOfTheReader_Opens()
    {
        foreach (var file in Directory.EnumerateFiles(SharedData.Require("models"), "*.onnx", SearchOption.AllDirectories))
        {
            using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromFile(file));
            Assert.AreEqual(DeviceSupport.Full, OnnxOperatorSupport.Evaluate(descriptor), file);
            await using var session = await OpenAsync(descriptor);
            var raw = (InferenceSession)((IServiceProvider)session).GetService(typeof(InferenceSession))!;
            CollectionAssert.AreEqual(raw.InputNames.ToArray(), session.Signature.Inputs.Select(i => i.Name).ToArray());
            CollectionAssert.AreEqual(raw.OutputNames.ToArray(), session.Signature.Outputs.Select(o => o.Name).ToArray());
        }
    }

    private static bool Throws(Action action)
    {
        try
        {
            action();
            return false;
        }
        catch (InvalidOperationException)
        {
            return true;
        }
    }
}
