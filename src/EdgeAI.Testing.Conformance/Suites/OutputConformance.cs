using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="ISessionBinding"/>: outputs, bound by the caller or handed over by the session.</summary>
public abstract class OutputConformance : ConformanceSuite
{
    private static ConformanceModel Add => ConformanceModels.Add;

    /// <summary>A bound output is written in place, by every run.</summary>
    [TestMethod]
    public async Task SetOutput_Bound_IsWrittenInPlace()
    {
        await using var session = await OpenAsync(ConformanceModels.TwoOutputs).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.TwoOutputs);
        await lane.BindInputsAsync(rows: 3, seed: 1).ConfigureAwait(false);
        var outputs = lane.AllocateOutputs();
        for (var i = 0; i < outputs.Count; i++) lane.Binding.SetOutput(i, outputs[i]);
        for (var seed = 1; seed < 4; seed++)
        {
            await lane.RewriteInputsAsync(rows: 3, seed).ConfigureAwait(false);
            await lane.RunAsync().ConfigureAwait(false);
            for (var i = 0; i < outputs.Count; i++)
            {
                await lane.CheckAsync(i, outputs[i], $"bound output, run {seed}").ConfigureAwait(false);
                Assert.AreEqual(outputs[i].Buffer.Address, lane.Binding.GetOutput(i).Buffer.Address, "GetOutput must give the storage that was bound.");
                Assert.AreEqual(outputs[i].Buffer.Address, lane.Binding.GetOutput(i).Buffer.Address, "A bound output is not handed over: it may be asked for again.");
            }
        }

        foreach (var output in outputs) output.Dispose();
    }

    /// <summary>Outputs may be bound singly; after <see langword="null"/> the session allocates again and leaves the earlier tensor alone.</summary>
    [TestMethod]
    public async Task SetOutput_Null_AllocatesAgainAndLeavesTheEarlierTensor()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        using var earlier = lane.AllocateOutputs()[0];
        lane.Binding.SetOutput(0, earlier);
        await lane.RunAsync().ConfigureAwait(false);
        using var before = await session.Memory.CopyToHostAsync(earlier).ConfigureAwait(false);

        lane.Binding.SetOutput(0, null);
        await lane.RunAndCheckAsync(rows: 3, seed: 2).ConfigureAwait(false);

        using var after = await session.Memory.CopyToHostAsync(earlier).ConfigureAwait(false);
        TensorAssert.AreClose(before, after, tolerance: 0, "a tensor that is no longer bound");
    }

    /// <summary>A bound output of the wrong shape is a typed error, at once or at the run; never a wrong answer.</summary>
    [TestMethod]
    public async Task SetOutput_WrongLengths_IsATypedError()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        using var wrong = session.Memory.AllocateTensor(TensorElementType.Float32, [5, 4]);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () =>
        {
            lane.Binding.SetOutput(0, wrong);
            await lane.RunAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
        lane.Binding.SetOutput(0, null);
        await lane.RunAndCheckAsync(rows: 2, seed: 2).ConfigureAwait(false);
    }

    /// <summary>Without a run there is no output.</summary>
    [TestMethod]
    public async Task GetOutput_BeforeAnyRun_Throws()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var binding = session.CreateBinding();
        Assert.ThrowsExactly<InvalidOperationException>(() => binding.GetOutput(0));
    }

    /// <summary>An output that the session allocated is handed over once for each run.</summary>
    [TestMethod]
    public async Task GetOutput_Twice_ThrowsUntilTheNextRun()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        for (var run = 0; run < 2; run++)
        {
            await lane.RunAsync().ConfigureAwait(false);
            using var output = lane.Binding.GetOutput(0);
            Assert.ThrowsExactly<InvalidOperationException>(() => lane.Binding.GetOutput(0), "An output is handed over once.");
        }
    }

    /// <summary>What was handed over belongs to the caller: later runs leave it alone.</summary>
    [TestMethod]
    public async Task GetOutput_HandedOver_IsNotTouchedByLaterRuns()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        using var taken = lane.Binding.GetOutput(0);
        using var before = await session.Memory.CopyToHostAsync(taken).ConfigureAwait(false);
        for (var seed = 2; seed < 10; seed++) await lane.RunAndCheckAsync(rows: 2, seed).ConfigureAwait(false);
        using var after = await session.Memory.CopyToHostAsync(taken).ConfigureAwait(false);
        TensorAssert.AreClose(before, after, tolerance: 0, "an output that was handed over");
    }

    /// <summary>What was handed over outlives binding and session.</summary>
    [TestMethod]
    public async Task GetOutput_HandedOver_OutlivesTheSession()
    {
        TensorValue taken;
        TensorValue expected;
        IDeviceMemory memory;
        await using (var session = await OpenAsync(Add).ConfigureAwait(false))
        {
            memory = session.Memory;
            using var lane = CreateLane(session, Add);
            await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
            await lane.RunAsync().ConfigureAwait(false);
            taken = lane.Binding.GetOutput(0);
            expected = await memory.CopyToHostAsync(taken).ConfigureAwait(false);
        }

        using var after = await memory.CopyToHostAsync(taken).ConfigureAwait(false);
        TensorAssert.AreClose(expected, after, tolerance: 0, "an output that was handed over");
        taken.Dispose();
        expected.Dispose();
    }
}
