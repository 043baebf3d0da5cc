using EdgeAI.Devices;
using EdgeAI.Engine;
using EdgeAI.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeAI.Acceptance;

/// <summary>What Triton's tests of its memory ask for, on counted memory.</summary>
[TestClass]
public sealed class MemoryTests
{
    // Origin: Triton core/src/test/pinned_memory_manager_test.cc::AllocFallback; with room for one caller, the next is told and nothing leaks
    [TestMethod]
    public void TryRent_Exhausted_TellsAndTheRoomComesBack()
    {
        var memory = new CountingMemory { Capacity = 1024 };
        using var pool = new BufferPool(memory, 1 << 20, clearOnReturn: false);
        var all = pool.Rent(1024);

        Assert.IsFalse(pool.TryRent(1024, out _));
        all.Dispose();
        Assert.IsTrue(pool.TryRent(1024, out var again));

        again.Dispose();
        pool.Trim();
        Assert.AreEqual(0, memory.Live);
        Assert.AreEqual(0, pool.RentedBytes);
    }

    // Origin: Triton core/src/test/pinned_memory_manager_test.cc::ParallelAlloc
    [TestMethod]
    public void Rent_ManyThreads_EachHasItsOwnBlock()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);

        Parallel.For(0, 64, worker =>
        {
            for (var i = 0; i < 50; i++)
            {
                using var block = TensorValue.Create(pool.Rent(256), TensorElementType.Int32, 64);
                block.AsWritableSpan<int>().Fill(worker);
                Assert.IsFalse(block.AsSpan<int>().ContainsAnyExcept(worker), "two have the same block");
            }
        });

        Assert.AreEqual(0, pool.RentedBytes);
    }

    // Origin: Triton qa/L0_memory_growth/test.sh and busy_op_test.py, with its negative control: answers that are kept must show as growth
    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public async Task RunAsync_ManyBatches_MemoryGrowsOnlyWithAnswersThatAreKept(bool keeps)
    {
        await using var fixture = EngineFixture.ForBatching(device => device.IsHostAccessible = false);
        var model = await fixture.LoadBatchingAsync(options => options.MaxQueueLength = 100);
        using var rented = new MetricCollector<long>(fixture.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "EdgeAI", "edgeai.pool.rented_bytes");
        var kept = new List<InferenceResponse>();

        for (var round = 0; round < 100; round++)
        {
            foreach (var response in await Task.WhenAll(Enumerable.Range(0, 20).Select(i => model.RunAsync(EngineFixture.Request(i)))))
            {
                if (keeps) kept.Add(response);
                else response.Dispose();
            }
        }

        await model.DisposeAsync();
        rented.RecordObservableInstruments();
        Assert.AreEqual(keeps, rented.GetMeasurementSnapshot().Sum(measured => measured.Value) > 0);
        foreach (var response in kept) response.Dispose();
        rented.Clear();
        rented.RecordObservableInstruments();
        Assert.AreEqual(0, rented.GetMeasurementSnapshot().Sum(measured => measured.Value));
        if (!keeps) Assert.IsLessThan(100_000, fixture.Device.Statistics.PeakBytes);
    }

    // Origin: TensorFlow Serving batching_session.cc::SplitOutputTensors and Triton's response allocator: answers of a batch lie in memory of the server, given back with the last of them
    [TestMethod]
    public async Task RunAsync_BatchesInHostMemory_AnswersLieInPooledMemoryUntilTheLastIsDisposed()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadTwoOutputsAsync();
        using var rented = new MetricCollector<long>(fixture.Services.GetRequiredService<System.Diagnostics.Metrics.IMeterFactory>(), "EdgeAI", "edgeai.pool.rented_bytes");
        foreach (var response in await RunTogetherAsync(fixture, model)) response.Dispose();

        // The first batch has shown that the model answers in the lengths that it declares.
        var responses = await RunTogetherAsync(fixture, model);

        foreach (var response in responses) Assert.AreEqual(response["y"].AsSpan<float>()[0] * 4, response["z"].AsSpan<float>()[0]);
        Assert.AreEqual(8, responses.Max(response => response.Timings.BatchSize));
        Assert.IsGreaterThanOrEqualTo(8 * (4 + 1) * sizeof(float), Rented());
        foreach (var response in responses[1..]) response.Dispose();
        Assert.IsGreaterThan(0, Rented(), "the last answer of the batch still lies there");
        responses[0].Dispose();
        Assert.AreEqual(0, Rented());

        long Rented()
        {
            rented.Clear();
            rented.RecordObservableInstruments();
            return rented.GetMeasurementSnapshot().Sum(measured => measured.Value);
        }
    }

    [TestMethod]
    public async Task RunAsync_BatchesOnADeviceWithHostMemoryOfItsOwn_AreStackedThere()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadTwoOutputsAsync();
        foreach (var response in await RunTogetherAsync(fixture, model)) response.Dispose();
        var before = fixture.Device.Statistics;

        // The first batch has shown that the model answers in the lengths that it declares: outputs lie there, too.
        foreach (var response in await RunTogetherAsync(fixture, model)) response.Dispose();

        var after = fixture.Device.Statistics;
        Assert.IsGreaterThanOrEqualTo(8 * 4 * sizeof(float), before.AllocatedBytes, "inputs of eight rows");
        Assert.IsGreaterThan(0, before.LiveBuffers, "they wait for the next batch");
        Assert.IsGreaterThan(before.LiveBuffers, after.LiveBuffers, "outputs");
        foreach (var response in await RunTogetherAsync(fixture, model)) response.Dispose();
        Assert.AreEqual(after.LiveBuffers, fixture.Device.Statistics.LiveBuffers, "blocks come again");
    }

    private static async Task<InferenceResponse[]> RunTogetherAsync(EngineFixture fixture, IModelHandle model)
    {
        var runs = Enumerable.Range(1, 9).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();
        await fixture.PassRunsAsync(2);
        var responses = await Task.WhenAll(runs);

        // The first to come ran alone, in memory of its own.
        responses[0].Dispose();
        return responses[1..];
    }

    // Origin: Triton qa/L0_memory_growth: a batch that finds no memory is cut, and later ones are smaller
    [TestMethod]
    public async Task RunAsync_BatchFindsNoMemory_IsCutAndLaterOnesAreSmaller()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadBatchingAsync();
        fixture.Device.Faults.OnRun(2, Testing.SimulatedFault.OutOfMemory);
        var runs = Enumerable.Range(0, 17).Select(i => model.RunAsync(EngineFixture.Request(i))).ToArray();

        await fixture.PassRunsAsync(6);

        for (var i = 0; i < runs.Length; i++)
        {
            using var response = await runs[i];
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        CollectionAssert.AreEqual(new[] { 1, 8, 4, 4, 4, 4 }, fixture.Device.Runs.Select(run => run.BatchSize).ToArray());
    }

    // Origin: the figure asked of the out-of-memory ladder; llama.cpp server and Triton issues where one allocation that failed left a server that answered nothing more
    [TestMethod]
    public async Task RunAsync_AThousandTimesOutOfMemory_TheNextSmallRequestAlwaysSucceeds()
    {
        const int Events = 1000;
        await using var fixture = EngineFixture.ForBatching(device => device.Compute = inputs => inputs[0].Lengths[0] > 1 ? throw new OutOfMemoryException("Too large.") : [inputs[0]]);

        // Requests that cannot be cut into smaller runs.
        await using var model = await fixture.LoadAsync();

        for (var i = 0; i < Events; i++)
        {
            var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request(i, rows: 8)));
            Assert.IsTrue(fault.IsTransient);
            using var small = await model.RunAsync(EngineFixture.Request(i));
            Assert.AreEqual(i, small["y"].AsSpan<float>()[0]);
        }

        // The first was tried once more, on a session that was built anew; time stands still, so the pause after it lasts.
        Assert.AreEqual((2 * Events) + 1, fixture.Device.Statistics.RunsStarted);
        Assert.AreEqual(2, fixture.Device.Statistics.Openings);
    }
}
