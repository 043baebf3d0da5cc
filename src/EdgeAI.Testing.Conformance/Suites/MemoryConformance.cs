using EdgeAI.Devices;

namespace EdgeAI.Testing.Conformance;

/// <summary>The contract of <see cref="IDeviceMemory"/>.</summary>
public abstract class MemoryConformance : ConformanceSuite
{
    private static readonly nuint[] _sizes = [0, 1, 3, 64, 4095, 1 << 20];

    /// <summary>Every address is a multiple of the alignment, which is a power of two.</summary>
    [TestMethod]
    public async Task Allocate_EverySize_IsAligned()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var memory = session.Memory;
        Assert.IsTrue(nuint.IsPow2(memory.Alignment), $"The alignment is {memory.Alignment}; it must be a power of two.");
        foreach (var size in _sizes)
        {
            using var buffer = memory.Allocate(size);
            Assert.AreEqual((nuint)0, (nuint)buffer.Address % memory.Alignment, $"A block of {size} bytes lies at {buffer.Address}.");
        }
    }

    /// <summary>A block is as long as asked for, writable, and as accessible as its memory says.</summary>
    [TestMethod]
    public async Task Allocate_EverySize_IsDescribedRightly()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        foreach (var size in _sizes)
        {
            using var buffer = session.Memory.Allocate(size);
            Assert.IsGreaterThanOrEqualTo(size, buffer.ByteLength, "A block must not be shorter than asked for.");
            Assert.AreEqual(session.Memory.IsHostAccessible, buffer.IsHostAccessible);
            Assert.IsFalse(buffer.IsReadOnly, "A new block must be writable.");
        }
    }

    /// <summary>What the host cannot reach it may not view.</summary>
    [TestMethod]
    public async Task Allocate_NotHostAccessible_CannotBeViewed()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var tensor = session.Memory.AllocateTensor(TensorElementType.Float32, [4]);
        if (session.Memory.IsHostAccessible) Assert.HasCount(4, tensor.AsSpan<float>().ToArray());
        else Assert.ThrowsExactly<InvalidOperationException>(() => tensor.AsSpan<float>().ToArray());
    }

    /// <summary>More than there can be is refused with <see cref="OutOfMemoryException"/>, and the memory is sound afterwards.</summary>
    [TestMethod]
    public async Task Allocate_FarTooMuch_ThrowsOutOfMemory()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        Assert.ThrowsExactly<OutOfMemoryException>(() => session.Memory.Allocate((nuint)1 << 60));
        using var buffer = session.Memory.Allocate(1024);
    }

    /// <summary>A block may be disposed any number of times.</summary>
    [TestMethod]
    public async Task Dispose_BlockTwice_IsHarmless()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var buffer = session.Memory.Allocate(1024);
        buffer.Dispose();
        buffer.Dispose();
        Assert.IsTrue(buffer.IsFreed);
    }

    /// <summary>Elements survive the way to the device, within it, and back, for every width.</summary>
    [TestMethod]
    public async Task CopyAsync_RoundTrip_KeepsEveryElement()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var memory = session.Memory;
        await RoundTripAsync(memory, [.. Enumerable.Range(0, 1000).Select(i => (byte)i)]).ConfigureAwait(false);
        await RoundTripAsync(memory, [.. Enumerable.Range(0, 1000).Select(i => (Half)i)]).ConfigureAwait(false);
        await RoundTripAsync(memory, [.. Enumerable.Range(0, 1000).Select(i => i / 7f)]).ConfigureAwait(false);
        await RoundTripAsync(memory, [.. Enumerable.Range(0, 1000).Select(i => i * 1234567890123L)]).ConfigureAwait(false);
        await RoundTripAsync(memory, Array.Empty<float>()).ConfigureAwait(false);
    }

    /// <summary>Blocks do not overlap.</summary>
    [TestMethod]
    public async Task CopyAsync_ManyBlocks_DoNotOverlap()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        var placed = new List<TensorValue>();
        for (var i = 0; i < 32; i++)
        {
            using var host = TensorValue.Create(Pattern(i), 97);
            placed.Add(await session.Memory.ToDeviceAsync(host).ConfigureAwait(false));
        }

        for (var i = 0; i < placed.Count; i++)
        {
            using var host = await session.Memory.CopyToHostAsync(placed[i]).ConfigureAwait(false);
            Assert.IsTrue(host.AsSpan<int>().SequenceEqual(Pattern(i)), $"Block {i} was overwritten.");
            placed[i].Dispose();
        }
    }

    /// <summary>A copy writes its destination and nothing beside it.</summary>
    [TestMethod]
    public async Task CopyAsync_Slice_WritesOnlyItsRows()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var zeros = TensorValue.Create(new int[6 * 5], 6, 5);
        using var whole = await session.Memory.ToDeviceAsync(zeros).ConfigureAwait(false);
        using var rows = TensorValue.Create([.. Enumerable.Range(1, 10)], 2, 5);
        using (var slice = whole.Slice(2, 2)) await session.Memory.CopyAsync(rows, slice).ConfigureAwait(false);

        using var host = await session.Memory.CopyToHostAsync(whole).ConfigureAwait(false);
        int[] expected = [.. new int[10], .. Enumerable.Range(1, 10), .. new int[10]];
        Assert.IsTrue(host.AsSpan<int>().SequenceEqual(expected));
    }

    /// <summary>Tensors that differ in type or number of elements are not copied.</summary>
    [TestMethod]
    public async Task CopyAsync_Mismatch_ThrowsInvalidInput()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var four = session.Memory.AllocateTensor(TensorElementType.Float32, [4]);
        using var five = TensorValue.Create(new float[5], 5);
        using var integers = TensorValue.Create(new int[4], 4);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () => await session.Memory.CopyAsync(five, four).ConfigureAwait(false)).ConfigureAwait(false);
        await Assert.ThrowsExactlyAsync<InvalidInputException>(async () => await session.Memory.CopyAsync(integers, four).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>A cancelled copy throws a cancellation.</summary>
    [TestMethod]
    public async Task CopyAsync_Cancelled_Throws()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        using var from = TensorValue.Create(new float[4], 4);
        using var to = session.Memory.AllocateTensor(TensorElementType.Float32, [4]);
        await Assert.ThrowsAsync<OperationCanceledException>(
            async () => await session.Memory.CopyAsync(from, to, new CancellationToken(canceled: true)).ConfigureAwait(false)).ConfigureAwait(false);
    }

    /// <summary>Many threads allocate, copy and free at once.</summary>
    [TestMethod]
    public async Task Allocate_Concurrently_IsSafe()
    {
        await using var session = await OpenAsync(ConformanceModels.Add).ConfigureAwait(false);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++) await RoundTripAsync(session.Memory, Pattern((thread * 100) + i)).ConfigureAwait(false);
        }))).ConfigureAwait(false);
    }

    private static int[] Pattern(int seed) => [.. Enumerable.Range(seed * 1000, 97)];

    private static async Task RoundTripAsync<T>(IDeviceMemory memory, T[] data) where T : unmanaged
    {
        using var host = TensorValue.Create(data, data.Length);
        using var first = await memory.ToDeviceAsync(host).ConfigureAwait(false);
        using var second = memory.AllocateTensor(first.ElementType, first.Lengths);
        await memory.CopyAsync(first, second).ConfigureAwait(false);
        using var back = await memory.CopyToHostAsync(second).ConfigureAwait(false);
        CollectionAssert.AreEqual(data, back.AsSpan<T>().ToArray(), $"{typeof(T).Name} did not survive the round trip.");
    }
}
