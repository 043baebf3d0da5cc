using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="IDeviceSession"/>, and right answers.</summary>
public abstract class SessionConformance : ConformanceSuite
{
    /// <summary>One run at a time at least.</summary>
    [TestMethod]
    public async Task MaxConcurrentRuns_IsPositive()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        Assert.IsGreaterThanOrEqualTo(1, session.MaxConcurrentRuns);
    }

    /// <summary>Right answers of <see cref="ConformanceModels.Add"/>.</summary>
    [TestMethod]
    public Task RunAsync_Add_IsRight() => CheckAsync(ConformanceModels.Add, 1, 3, 17);

    /// <summary>Right answers of <see cref="ConformanceModels.Identity"/>.</summary>
    [TestMethod]
    public Task RunAsync_Identity_IsRight() => CheckAsync(ConformanceModels.Identity, 1, 3, 17);

    /// <summary>Right answers of <see cref="ConformanceModels.Integers"/>.</summary>
    [TestMethod]
    public Task RunAsync_Integers_AreExact() => CheckAsync(ConformanceModels.Integers, 1, 3, 17);

    /// <summary>Right answers of <see cref="ConformanceModels.Scalar"/>.</summary>
    [TestMethod]
    public Task RunAsync_Scalar_IsRight() => CheckAsync(ConformanceModels.Scalar, 1);

    /// <summary>Right answers of <see cref="ConformanceModels.TwoOutputs"/>.</summary>
    [TestMethod]
    public Task RunAsync_TwoOutputs_AreRightAndInOrder() => CheckAsync(ConformanceModels.TwoOutputs, 1, 3, 17);

    /// <summary>Right answers of <see cref="ConformanceModels.MatMul"/>.</summary>
    [TestMethod]
    public Task RunAsync_MatMul_IsRight() => CheckAsync(ConformanceModels.MatMul, 1, 3, 17);

    /// <summary>Right answers of <see cref="ConformanceModels.Heavy"/>.</summary>
    [TestMethod]
    public Task RunAsync_Heavy_IsRight() => CheckAsync(ConformanceModels.Heavy, 1, 33);

    /// <summary>Tensors without elements run.</summary>
    [TestMethod]
    public Task RunAsync_NoRows_GivesNoRows() => CheckAsync(ConformanceModels.Add, 0);

    /// <summary>The list-style run gives outputs that the caller owns.</summary>
    [TestMethod]
    public async Task RunAsync_List_GivesOwnedOutputs()
    {
        await using var session = await OpenAsync(ConformanceModels.TwoOutputs).ConfigureAwait(false);
        var inputs = ConformanceModels.TwoOutputs.CreateInputs(rows: 2, seed: 1);
        var expected = ConformanceModels.TwoOutputs.Reference(inputs);
        var placed = new List<TensorValue>();
        foreach (var input in inputs) placed.Add(await session.Memory.ToDeviceAsync(input).ConfigureAwait(false));
        var outputs = await session.RunAsync(placed).ConfigureAwait(false);
        for (var i = 0; i < outputs.Count; i++)
        {
            using var host = await session.Memory.CopyToHostAsync(outputs[i]).ConfigureAwait(false);
            TensorAssert.AreClose(expected[i], host, Tolerance, $"output {i}");
        }

        foreach (var tensor in inputs.Concat(expected).Concat(placed).Concat(outputs)) tensor.Dispose();
    }

    /// <summary>Bindings may be created before one has run, and be disposed in any order.</summary>
    [TestMethod]
    public async Task CreateBinding_MoreThanMayRun_IsAllowed()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var lanes = Enumerable.Range(0, Math.Min(session.MaxConcurrentRuns, 4) + 2).Select(_ => CreateLane(session, ConformanceModels.Add)).ToArray();
        for (var i = 0; i < lanes.Length; i++)
        {
            await lanes[i].RunAndCheckAsync(rows: 2, seed: i).ConfigureAwait(false);
            lanes[i].Dispose();
        }
    }

    /// <summary>A session may be disposed any number of times, and binds nothing afterwards.</summary>
    [TestMethod]
    public async Task DisposeAsync_Twice_IsHarmlessAndEndsTheSession()
    {
        var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
        await session.DisposeAsync().ConfigureAwait(false);
        Assert.ThrowsExactly<ObjectDisposedException>(() => session.CreateBinding());
    }

    private async Task CheckAsync(ConformanceModel model, params int[] rows)
    {
        await using var session = await OpenAsync(model).ConfigureAwait(false);
        using var lane = CreateLane(session, model);
        foreach (var count in rows) await lane.RunAndCheckAsync(count, seed: count).ConfigureAwait(false);
    }
}
