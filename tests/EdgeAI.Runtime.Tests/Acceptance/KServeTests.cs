using EdgeAI.Engine;
using EdgeAI.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What KServe's tests of its batcher ask for.</summary>
[TestClass]
public sealed class KServeTests
{
    // Origin: KServe pkg/batcher/handler_test.go::TestBatcherFail: a backend that fails completes every waiter
    [TestMethod]
    [DataRow(SimulatedFault.DeviceFault)]
    [DataRow(SimulatedFault.OutOfMemory)]
    [DataRow(SimulatedFault.WrongLength)]
    public async Task RunAsync_DeviceAlwaysFails_EveryWaiterGetsATypedError(SimulatedFault fault)
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadBatchingAsync();
        fixture.Device.Faults.Always = fault;

        var runs = Enumerable.Range(0, 20).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        foreach (var run in runs) Assert.AreEqual("sim:0", (await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => run)).DeviceId);
        fixture.Device.Faults.Clear();
        (await model.RunAsync(EngineFixture.Request())).Dispose();
    }

    // Origin: KServe pkg/batcher/handler_test.go::TestBatcherDefault: what was sent comes back to whom it belongs
    [TestMethod]
    public async Task RunAsync_ManyAtOnce_EachGetsItsOwnRows()
    {
        await using var fixture = EngineFixture.ForBatching();
        await using var model = await fixture.LoadBatchingAsync();

        var runs = Enumerable.Range(0, 300).Select(i => model.RunAsync(EngineFixture.Request(i, rows: 1 + (i % 3)))).ToArray();

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(4 * (1 + (i % 3)), response["y"].ElementCount);
            Assert.IsFalse(response["y"].AsSpan<float>().ContainsAnyExcept(i));
        }
    }
}
