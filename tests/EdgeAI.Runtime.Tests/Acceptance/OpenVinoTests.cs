using EdgeAI.Batching.Policies;
using EdgeAI.Engine;
using EdgeAI.Onnx;
using EdgeAI.Scheduling;

namespace EdgeAI.Acceptance;

/// <summary>What OpenVINO's tests of automatic batching ask for, without those that choose among devices.</summary>
[TestClass]
public sealed class OpenVinoTests
{
    // Origin: OpenVINO src/plugins/auto_batch/tests/unit/async_infer_request_test.cpp: batch sizes x element types, all at once
    [TestMethod]
    [DataRow(1)]
    [DataRow(8)]
    [DataRow(16)]
    [DataRow(32)]
    [DataRow(64)]
    [DataRow(128)]
    public async Task RunAsync_AnyTypeInABatchOfThisSize_EachGetsItsOwnBytes(int batch)
    {
        TensorElementType[] types =
        [
            TensorElementType.Float32, TensorElementType.Float64, TensorElementType.Float16, TensorElementType.BFloat16, TensorElementType.Int8, TensorElementType.UInt8,
            TensorElementType.Int16, TensorElementType.UInt16, TensorElementType.Int32, TensorElementType.Int64, TensorElementType.Boolean,
        ];
        foreach (var type in types)
        {
            await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
            var value = OnnxValueInfo.Tensor("x", type, "batch", 3);
            await using var model = await fixture.LoadBatchingAsync(
                TestModels.Of($"{type}", [new OnnxNode("Identity", ["x"], ["y"])], [value], [value with { Name = "y" }]),
                options => options.MaxBatch = batch,
                "x",
                "y");
            var running = model.RunAsync(Bytes(type, 255));
            var runs = Enumerable.Range(0, batch).Select(i => model.RunAsync(Bytes(type, i))).ToArray();

            await fixture.PassRunsAsync(2);

            (await running).Dispose();
            for (var i = 0; i < batch; i++)
            {
                using var response = await runs[i];
                Assert.AreEqual(batch, response.Timings.BatchSize);
                CollectionAssert.AreEqual(Content(Bytes(type, i)["x"]), Content(response["y"]), $"{type}");
            }
        }
    }

    // Origin: OpenVINO src/plugins/auto_batch/tests/unit/async_infer_request_test.cpp: arrivals 10 ms apart, longer than the wait
    [TestMethod]
    public void Submit_ArrivalsFartherApartThanTheWait_RunSingly()
    {
        var ms = TimeSpan.TicksPerMillisecond;
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: new SchedulerLimits { MaxQueueLength = 100, AgingPeriod = 1000 * ms, MaxBatchWait = 4 * ms });
        var lane = harness.AddBatchingLane(maxRows: 8);

        for (var i = 0; i < 8; i++)
        {
            harness.Advance(i * 10 * ms);
            harness.Submit($"{i}", shape: harness.Stackable);
            harness.Advance((i * 10 * ms) + (4 * ms));
            harness.Finish(lane, runTicks: 1);
        }

        CollectionAssert.AreEqual(Enumerable.Range(0, 8).Select(i => $"{i}").ToArray(), harness.Runs);
    }

    // Origin: OpenVINO src/plugins/auto_batch: after its timeout of 1000 ms the collected requests run one by one; here they run together
    [TestMethod]
    public void Advance_WaitIsOver_RunsWhatWasCollectedTogether()
    {
        var harness = new SchedulerHarness(policy: new FixedWaitPolicy(), limits: new SchedulerLimits { MaxQueueLength = 100, AgingPeriod = 1000, MaxBatchWait = 100 });
        harness.AddBatchingLane(maxRows: 8);
        harness.SubmitStackable(3);

        harness.Advance(100);

        Assert.AreEqual("0+1+2", harness.Runs.Single());
    }

    // Origin: OpenVINO src/plugins/auto_batch/tests/unit/compile_model_get_property_test.cpp: no batching for a model without a batch axis
    [TestMethod]
    public async Task LoadAsync_DeclaredAxisIsFixed_IsRefusedWithTheReason()
    {
        await using var fixture = EngineFixture.ForBatching();
        var value = OnnxValueInfo.Tensor("x", TensorElementType.Float32, 1, 3);

        var refusal = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => fixture.LoadBatchingAsync(
            TestModels.Of("fixed", [new OnnxNode("Identity", ["x"], ["y"])], [value], [value with { Name = "y" }]), null, "x", "y"));

        StringAssert.Contains(refusal.Message, "fixed length 1");
    }

    private static InferenceRequest Bytes(TensorElementType type, int value)
    {
        var tensor = TensorValue.Create(new NativeBuffer(type.ByteLength(3), clear: true), type, 1, 3);
        Batching.TensorBytes.Of(tensor).Fill((byte)(type == TensorElementType.Boolean ? value & 1 : value));
        return new InferenceRequest { ["x"] = tensor };
    }

    private static byte[] Content(TensorValue tensor) => Batching.TensorBytes.Of(tensor).ToArray();
}
