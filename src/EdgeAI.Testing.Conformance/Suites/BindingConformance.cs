using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="ISessionBinding"/>: inputs, reuse, errors and the end. Outputs have <see cref="OutputConformance"/>, cancellation has <see cref="CancellationConformance"/>.</summary>
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
        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () => await lane.RunAsync().ConfigureAwait(false)).ConfigureAwait(false);
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
}
