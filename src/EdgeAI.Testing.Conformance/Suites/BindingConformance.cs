using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="ISessionBinding"/>.</summary>
public abstract class BindingConformance : ConformanceSuite
{
    private static ConformanceModel Add => ConformanceModels.Add;

    /// <summary>Why a steady run may allocate managed memory here; <see langword="null"/> (default): it must not.</summary>
    protected virtual string? AllocatesBecause => null;

    /// <summary>A binding keeps what is bound: a run can be repeated.</summary>
    [TestMethod]
    public async Task RunAsync_Again_GivesTheSameAnswer()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.RunAndCheckAsync(rows: 3, seed: 1).ConfigureAwait(false);
        for (var run = 0; run < 3; run++)
        {
            await lane.RunAsync().ConfigureAwait(false);
            await lane.CheckOutputsAsync($"repeated run {run}").ConfigureAwait(false);
        }
    }

    /// <summary>A binding binds storage, not contents: what is written into a bound tensor counts in the next run.</summary>
    [TestMethod]
    public async Task RunAsync_InputsRewritten_SeesTheNewElements()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.RunAndCheckAsync(rows: 3, seed: 1).ConfigureAwait(false);
        await lane.RewriteInputsAsync(rows: 3, seed: 2).ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("rewritten inputs").ConfigureAwait(false);
    }

    /// <summary>The batch may differ from run to run.</summary>
    [TestMethod]
    public async Task SetInput_OtherBatchSizes_AreServedByOneBinding()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        foreach (var rows in new[] { 1, 8, 2, 8, 1 }) await lane.RunAndCheckAsync(rows, seed: rows).ConfigureAwait(false);
    }

    /// <summary>A part of a larger tensor may be bound.</summary>
    [TestMethod]
    public async Task SetInput_Slice_ReadsOnlyItsRows()
    {
        await using var session = await OpenAsync(ConformanceModels.Identity).ConfigureAwait(false);
        using var host = ConformanceModels.Identity.CreateInputs(rows: 6, seed: 1)[0];
        using var whole = await session.Memory.ToDeviceAsync(host).ConfigureAwait(false);
        using var slice = whole.Slice(2, 3);
        using var expected = host.Slice(2, 3);
        using var binding = session.CreateBinding();
        binding.SetInput(0, slice);
        await binding.RunAsync().ConfigureAwait(false);
        using var output = binding.GetOutput(0);
        using var actual = await session.Memory.CopyToHostAsync(output).ConfigureAwait(false);
        TensorAssert.AreClose(expected, actual, Tolerance, "slice");
    }

    /// <summary>Read-only storage may be an input.</summary>
    [TestMethod]
    public async Task SetInput_ReadOnlyHostTensor_IsAccepted()
    {
        await using var session = await OpenAsync(ConformanceModels.Identity).ConfigureAwait(false);
        if (!session.Memory.IsHostAccessible) return;
        ReadOnlyMemory<float> data = new float[] { 1, 2, 3, 4 };
        using var input = TensorValue.Create(data, 1, 4);
        using var binding = session.CreateBinding();
        binding.SetInput(0, input);
        await binding.RunAsync().ConfigureAwait(false);
        using var output = binding.GetOutput(0);
        Assert.IsTrue(output.AsSpan<float>().SequenceEqual(data.Span));
    }

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
        await AssertTypedErrorAsync(async () =>
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

    /// <summary>Indexes are those of the signature.</summary>
    [TestMethod]
    public async Task Indexes_OutsideTheSignature_Throw()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 1, seed: 1).ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        using var tensor = session.Memory.AllocateTensor(TensorElementType.Float32, [1, 4]);
        foreach (var index in new[] { -1, 2 })
        {
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => lane.Binding.SetInput(index, tensor));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => lane.Binding.SetOutput(index, tensor));
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => lane.Binding.GetOutput(index));
        }
    }

    /// <summary>A run with an input missing is a typed error, and the binding is sound afterwards.</summary>
    [TestMethod]
    public async Task RunAsync_InputMissing_IsATypedError()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await AssertTypedErrorAsync(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
        await lane.RunAndCheckAsync(rows: 2, seed: 1).ConfigureAwait(false);
    }

    /// <summary>A tensor of the wrong type is a typed error, and the binding is sound afterwards.</summary>
    [TestMethod]
    public Task SetInput_WrongType_IsATypedError() => AssertUnfitInputAsync(TensorElementType.Int64, 2, 4);

    /// <summary>A tensor of the wrong rank is a typed error, and the binding is sound afterwards.</summary>
    [TestMethod]
    public Task SetInput_WrongRank_IsATypedError() => AssertUnfitInputAsync(TensorElementType.Float32, 2, 2, 4);

    /// <summary>A tensor of the wrong length is a typed error, and the binding is sound afterwards.</summary>
    [TestMethod]
    public Task SetInput_WrongLength_IsATypedError() => AssertUnfitInputAsync(TensorElementType.Float32, 2, 5);

    /// <summary>A run that is cancelled before it begins throws a cancellation, gives nothing, and harms nothing.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledBefore_Throws()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        await Assert.ThrowsAsync<OperationCanceledException>(async () => await lane.RunAsync(new CancellationToken(canceled: true)).ConfigureAwait(false)).ConfigureAwait(false);
        Assert.ThrowsExactly<InvalidOperationException>(() => lane.Binding.GetOutput(0), "A cancelled run has no outputs.");
        await lane.RunAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("the run after a cancelled one").ConfigureAwait(false);
    }

    /// <summary>A run that is cancelled on its way gives a cancellation or a right answer, and the next run is right.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledOnItsWay_CancelsOrIsRight()
    {
        await using var session = await OpenAsync(ConformanceModels.Heavy).ConfigureAwait(false);
        using var lane = CreateLane(session, ConformanceModels.Heavy);
        await lane.BindInputsAsync(rows: 512, seed: 1).ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            using var source = new CancellationTokenSource();
            using var begins = new ManualResetEventSlim();
            var run = Task.Run(async () =>
            {
                begins.Set();
                await lane.RunAsync(source.Token).ConfigureAwait(false);
            });
            begins.Wait(CancellationToken.None);
            await source.CancelAsync().ConfigureAwait(false);
            try
            {
                await run.ConfigureAwait(false);
                await lane.CheckOutputsAsync("a run that finished before it could be cancelled").ConfigureAwait(false);
            }
            catch (OperationCanceledException exception)
            {
                Assert.AreEqual(source.Token, exception.CancellationToken, "The cancellation must name the caller's token.");
            }

            await lane.RunAsync().ConfigureAwait(false);
            await lane.CheckOutputsAsync("the run after a cancelled one").ConfigureAwait(false);
        }
    }

    /// <summary>A token that is cancelled after the run is no concern of it.</summary>
    [TestMethod]
    public async Task RunAsync_CancelledAfterwards_KeepsItsOutputs()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        using var source = new CancellationTokenSource();
        await lane.RunAsync(source.Token).ConfigureAwait(false);
        await source.CancelAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("a token cancelled after the run").ConfigureAwait(false);
        await lane.RunAsync().ConfigureAwait(false);
        await lane.CheckOutputsAsync("the run after that").ConfigureAwait(false);
    }

    /// <summary>A steady run with all tensors bound allocates no managed memory.</summary>
    [TestMethod]
    public async Task RunAsync_Steady_AllocatesNothing()
    {
        if (AllocatesBecause is { } reason) Assert.Inconclusive($"Not asked for: {reason}.");
        const int Runs = 200;
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 4, seed: 1).ConfigureAwait(false);
        using var output = lane.AllocateOutputs()[0];
        lane.Binding.SetOutput(0, output);
        using var source = new CancellationTokenSource();
        var least = long.MaxValue;

        // Other threads of the process allocate as they like: the quietest of several rounds shows what the runs themselves take.
        for (var round = 0; round < 10 && least >= Runs; round++)
        {
            var before = GC.GetTotalAllocatedBytes(precise: true);
            for (var run = 0; run < Runs; run++) await lane.RunAsync(source.Token).ConfigureAwait(false);
            least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
        }

        Assert.IsLessThan(Runs, least, $"{Runs} steady runs allocated {least} bytes; override AllocatesBecause where that cannot be helped.");
    }

    /// <summary>A binding may be disposed any number of times, and does nothing afterwards.</summary>
    [TestMethod]
    public async Task Dispose_Twice_IsHarmlessAndEndsTheBinding()
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var tensor = session.Memory.AllocateTensor(TensorElementType.Float32, [1, 4]);
        var binding = session.CreateBinding();
        binding.Dispose();
        binding.Dispose();
        Assert.ThrowsExactly<ObjectDisposedException>(() => binding.SetInput(0, tensor));
        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await binding.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Bindings do not retain tensors: they are gone with the caller's reference.</summary>
    [TestMethod]
    public async Task Dispose_BoundTensors_StayTheCallers()
    {
        await using var session = await OpenAsync(ConformanceModels.Identity).ConfigureAwait(false);
        using var input = session.Memory.AllocateTensor(TensorElementType.Float32, [1, 4]);
        using var output = session.Memory.AllocateTensor(TensorElementType.Float32, [1, 4]);
        var binding = session.CreateBinding();
        binding.SetInput(0, input);
        binding.SetOutput(0, output);
        await binding.RunAsync().ConfigureAwait(false);
        binding.Dispose();
        Assert.IsFalse(input.IsFreed || output.IsFreed, "A binding must not dispose what the caller bound.");
        input.Dispose();
        output.Dispose();
        Assert.IsTrue(input.IsFreed && output.IsFreed, "A binding must not keep a reference to what the caller bound.");
    }

    private async Task AssertUnfitInputAsync(TensorElementType type, params nint[] lengths)
    {
        await using var session = await OpenAsync(Add).ConfigureAwait(false);
        using var lane = CreateLane(session, Add);
        await lane.BindInputsAsync(rows: 2, seed: 1).ConfigureAwait(false);
        using var unfit = session.Memory.AllocateTensor(type, lengths);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () =>
        {
            lane.Binding.SetInput(1, unfit);
            await lane.RunAsync().ConfigureAwait(false);
        }).ConfigureAwait(false);
        await lane.RunAndCheckAsync(rows: 2, seed: 2).ConfigureAwait(false);
    }

    private static async Task AssertTypedErrorAsync(Func<Task> action)
    {
        var error = await Assert.ThrowsAsync<Exception>(action).ConfigureAwait(false);
        Assert.IsTrue(
            error is InvalidInputException or InvalidOperationException or EdgeAIException && error is not ObjectDisposedException,
            $"Expected InvalidInputException, InvalidOperationException or an EdgeAIException, but it was {error.GetType()}: {error.Message}");
    }
}
