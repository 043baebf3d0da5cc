using EdgeAI.Testing;
using Microsoft.Extensions.Options;

namespace EdgeAI.Engine;

[TestClass]
public sealed class LoadingTests
{
    [TestMethod]
    public async Task LoadModelAsync_SameSourceTwice_LoadsOnceAndUnloadsWithTheLast()
    {
        await using var fixture = new EngineFixture();
        var source = TestModels.Echo();
        var first = await fixture.Engine.LoadModelAsync(source);
        var second = await fixture.Engine.LoadModelAsync(source);
        Assert.AreEqual(1, fixture.Device.Statistics.Openings);

        await first.DisposeAsync();
        await first.DisposeAsync();
        (await second.RunAsync(EngineFixture.Request())).Dispose();
        await second.DisposeAsync();

        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task LoadModelAsync_OtherOptions_LoadsAgain()
    {
        await using var fixture = new EngineFixture();
        var source = TestModels.Echo();
        await using var first = await fixture.Engine.LoadModelAsync(source);
        await using var second = await fixture.Engine.LoadModelAsync(source, new ModelOptions { MaxQueueLength = 3 });

        Assert.AreEqual(2, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task LoadModelAsync_ManyAtOnce_ShareOneLoad()
    {
        await using var fixture = new EngineFixture();
        var source = TestModels.Echo();

        var handles = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => fixture.Engine.LoadModelAsync(source).AsTask()));

        Assert.AreEqual(1, fixture.Device.Statistics.Openings);
        foreach (var handle in handles) await handle.DisposeAsync();
    }

    [TestMethod]
    public async Task LoadModelAsync_EverybodyGivesUp_CancelsTheLoad()
    {
        await using var fixture = new EngineFixture(d => d.OpeningLatency = TimeSpan.FromHours(1));
        using var first = new CancellationTokenSource();
        using var second = new CancellationTokenSource();
        var source = TestModels.Echo();
        var load1 = fixture.Engine.LoadModelAsync(source, cancellationToken: first.Token).AsTask();
        var load2 = fixture.Engine.LoadModelAsync(source, cancellationToken: second.Token).AsTask();
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        await first.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => load1);
        Assert.AreEqual(1, fixture.Device.Statistics.Waiting);
        await second.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => load2);

        await fixture.Device.WhenAsync(s => s.Waiting == 0);
        Assert.AreEqual(0, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task LoadModelAsync_OpeningFailsOnce_IsNotRemembered()
    {
        await using var fixture = new EngineFixture();
        fixture.Device.Faults.OnOpening(1, SimulatedFault.DeviceFault);
        var source = TestModels.Echo();

        var failure = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => fixture.Engine.LoadModelAsync(source).AsTask());
        await using var model = await fixture.Engine.LoadModelAsync(source);

        StringAssert.Contains(failure.Message, "sim:0");
        Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
    }

    [TestMethod]
    public async Task LoadModelAsync_FirstDeviceFailsToOpen_TakesTheNext()
    {
        await using var fixture = new EngineFixture(more: b => b.AddSecond());
        fixture.Device.Faults.AlwaysAtOpening = SimulatedFault.OutOfMemory;

        await using var model = await fixture.LoadAsync();
        using var response = await model.RunAsync(EngineFixture.Request());

        Assert.AreEqual("sim:1", response.Timings.DeviceId);
    }

    [TestMethod]
    public async Task LoadModelAsync_OneDeviceRunsAllAnotherPart_PrefersAll()
    {
        await using var fixture = new EngineFixture(d => d.Support = Devices.DeviceSupport.Partial("half of it"), more: b => b.AddSecond());
        await using var model = await fixture.LoadAsync();

        using var response = await model.RunAsync(EngineFixture.Request());

        Assert.AreEqual("sim:1", response.Routing.DeviceId);
        Assert.AreEqual("it is the first of 2 devices that can run all of the model", response.Routing.Reason);
    }

    [TestMethod]
    public async Task LoadModelAsync_EveryDeviceDeclines_GivesOneReasonEach()
    {
        await using var fixture = new EngineFixture(d => d.Support = Devices.DeviceSupport.None("too old"), more: b => b.AddSecond(d => d.Support = Devices.DeviceSupport.None("too small")));

        var exception = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => fixture.LoadAsync());

        CollectionAssert.AreEqual(new[] { new DeviceRefusal("sim:0", "too old"), new DeviceRefusal("sim:1", "too small") }, exception.Reasons.ToArray());
    }

    [TestMethod]
    public async Task LoadModelAsync_OperatorThatNothingKnows_NamesIt()
    {
        await using var fixture = new EngineFixture(d => d.SupportsOperator = use => use.Domain.Length == 0);

        var exception = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.Engine.LoadModelAsync(TestModels.Foreign()).AsTask());

        Assert.AreEqual("my.ops.Frobnicate", exception.UnknownOperator);
        StringAssert.Contains(exception.Message, "my.ops.Frobnicate");
    }

    [TestMethod]
    public async Task LoadModelAsync_OperatorKnownSomewhereButDeclined_IsNoCompatibleDevice()
    {
        await using var fixture = new EngineFixture(
            d => d.SupportsOperator = use => use.Domain.Length == 0,
            more: b => b.AddSecond(d => d.Support = Devices.DeviceSupport.None("out of order")));

        var exception = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => fixture.Engine.LoadModelAsync(TestModels.Foreign()).AsTask());

        Assert.HasCount(2, exception.Reasons);
    }

    [TestMethod]
    public async Task LoadModelAsync_NotAModel_NeverReachesTheDevice()
    {
        await using var fixture = new EngineFixture();

        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.Engine.LoadModelAsync(ModelSource.FromFile("/does/not/exist.onnx")).AsTask());
        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.Engine.LoadModelAsync(ModelSource.FromBytes(new byte[] { 1, 2, 3 }, "junk")).AsTask());

        Assert.AreEqual(0, fixture.Device.Statistics.Openings);
    }

    [TestMethod]
    public async Task LoadModelAsync_OptionsOutOfRange_ReportsEveryError()
    {
        await using var fixture = new EngineFixture();
        var options = new ModelOptions { Lanes = 0, ThreadsPerLane = -1, MaxQueueLength = 0, DefaultDeadline = TimeSpan.Zero, FreeDimensionOverrides = { ["n"] = 0 } };

        var exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => fixture.LoadAsync(options));

        Assert.HasCount(5, exception.Failures.ToArray());
    }

    [TestMethod]
    public async Task LoadModelAsync_Progress_ReportsEachStage()
    {
        await using var fixture = new EngineFixture();
        var stages = new Stages();

        await using var model = await fixture.LoadAsync(new ModelOptions { WarmUp = true, Progress = stages });

        CollectionAssert.AreEqual(Enum.GetValues<ModelLoadStage>(), stages.Seen);
        Assert.AreEqual(1, fixture.Device.Statistics.RunsStarted);
    }

    [TestMethod]
    public async Task LoadModelAsync_MoreLanesThanASessionAllows_OpensMoreSessions()
    {
        await using var fixture = new EngineFixture(d => d.MaxConcurrentRuns = 2);
        await using var model = await fixture.LoadAsync(new ModelOptions { Lanes = 5 });

        Assert.AreEqual(3, fixture.Device.Statistics.OpenSessions);
        Assert.AreEqual(5, fixture.Device.Statistics.LiveBindings);
    }

    [TestMethod]
    public async Task ReplaceAsync_WhileServing_LosesNothingAndUnloadsTheOld()
    {
        var folder = Directory.CreateTempSubdirectory("edgeai-test-");
        try
        {
            await using var fixture = new EngineFixture();
            await using var model = await fixture.Engine.LoadModelAsync(TestModels.EchoFile(Path.Combine(folder.FullName, "one.onnx")));
            var replaceable = (IReplaceableModel)model.GetService(typeof(IReplaceableModel))!;
            using var stop = new CancellationTokenSource();
            var served = 0;
            var clients = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                {
                    (await model.RunAsync(EngineFixture.Request())).Dispose();
                    Interlocked.Increment(ref served);
                }
            })).ToArray();

            for (var i = 0; i < 10; i++)
            {
                var before = Volatile.Read(ref served);
                await replaceable.ReplaceAsync(TestModels.EchoFile(Path.Combine(folder.FullName, $"next{i}.onnx")));
                while (Volatile.Read(ref served) == before) await Task.Yield();
            }

            await stop.CancelAsync();
            await Task.WhenAll(clients);
            Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
            Assert.AreEqual(11, fixture.Device.Statistics.Openings);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [TestMethod]
    public async Task ReplaceAsync_OtherSignature_IsRefusedAndTheOldServes()
    {
        var folder = Directory.CreateTempSubdirectory("edgeai-test-");
        try
        {
            await using var fixture = new EngineFixture();
            await using var model = await fixture.LoadAsync();
            var replaceable = (IReplaceableModel)model.GetService(typeof(IReplaceableModel))!;

            var refused = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => replaceable.ReplaceAsync(TestModels.EchoFile(Path.Combine(folder.FullName, "other.onnx"), output: "other")));

            StringAssert.Contains(refused.Message, "it lacks the output 'y'");
            (await model.RunAsync(EngineFixture.Request())).Dispose();
            Assert.AreEqual(1, fixture.Device.Statistics.OpenSessions);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private sealed class Stages : IProgress<ModelLoadProgress>
    {
        public List<ModelLoadStage> Seen { get; } = [];

        public void Report(ModelLoadProgress value) => Seen.Add(value.Stage);
    }
}
