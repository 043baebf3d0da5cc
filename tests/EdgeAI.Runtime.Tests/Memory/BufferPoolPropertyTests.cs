using CsCheck;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Memory;

[TestClass]
public sealed class BufferPoolPropertyTests
{
    // Origin of the cases: Triton's pinned_memory_manager_test, AllocFallback and ParallelAlloc.
    private static readonly Gen<(int Kind, int Size)[]> _events = Gen.Select(Gen.Int[0, 4], Gen.Int[1, 6000]).Array[0, 80];

    [TestMethod]
    public void Events_AnyOrder_NoBlockHasTwoRentersAndTheAccountIsExact() =>
        _events.Sample(events =>
        {
            var memory = new CountingMemory();
            var budget = new MemoryBudget(16 << 10);
            using var pool = new BufferPool(memory, 8 << 10, clearOnReturn: false, budget);
            budget.Add(pool);
            var rented = new List<DeviceBuffer>();
            var reserved = new List<MemoryReservation>();
            foreach (var (kind, size) in events)
            {
                if (kind <= 1)
                {
                    var inUse = rented.Sum(b => (long)SizeClasses.RoundUp(b.ByteLength)) + reserved.Sum(r => r.Bytes);
                    var fits = inUse + (long)SizeClasses.RoundUp((nuint)size) <= budget.Total;
                    if (pool.TryRent((nuint)size, out var buffer) != fits) return false;
                    if (buffer is not null) rented.Add(buffer);
                }
                else if (kind == 2 && rented.Count > 0)
                {
                    rented[size % rented.Count].Dispose();
                    rented.RemoveAt(size % rented.Count);
                }
                else if (kind == 3)
                {
                    if (budget.TryReserve(size, out var reservation)) reserved.Add(reservation);
                }
                else if (kind == 4 && reserved.Count > 0)
                {
                    reserved[size % reserved.Count].Dispose();
                    reserved.RemoveAt(size % reserved.Count);
                }

                if (rented.Select(b => b.Address).Distinct().Count() != rented.Count) return false;
                if (pool.RentedBytes != rented.Sum(b => (long)SizeClasses.RoundUp(b.ByteLength))) return false;
                if (budget.Used != pool.RentedBytes + (long)pool.IdleBytes + reserved.Sum(r => r.Bytes)) return false;
                if (budget.Used > budget.Total || pool.IdleBytes > 8 << 10) return false;
            }

            foreach (var buffer in rented) buffer.Dispose();
            foreach (var reservation in reserved) reservation.Dispose();
            pool.Dispose();
            return budget.Used == 0 && memory.Live == 0;
        });

    [TestMethod]
    public unsafe void ManyThreads_RentReserveTrimAndTick_NeverShareABlockNorExceedTheBudget()
    {
        var memory = new CountingMemory();
        var budget = new MemoryBudget(12 << 10);
        var time = new FakeTimeProvider();
        using var trimmer = new IdleTrimmer(time, new MemoryPressure(() => 0, () => false));
        BufferPool[] pools = [.. Enumerable.Range(0, 2).Select(_ => new BufferPool(memory, 8 << 10, clearOnReturn: false, budget, trimmer))];
        foreach (var pool in pools)
        {
            budget.Add(pool);
            trimmer.Add(pool);
        }

        var refused = 0;
        Parallel.For(0, 8, thread =>
        {
            var random = new Random(thread);
            for (var i = 0; i < 4000; i++)
            {
                if (random.Next(10) == 0 && budget.TryReserve(random.Next(4000), out var reservation)) reservation.Dispose();
                if (random.Next(200) == 0) time.Advance(IdleTrimmer.Period);
                if (!pools[random.Next(2)].TryRent((nuint)random.Next(1, 8000), out var buffer))
                {
                    Interlocked.Increment(ref refused);
                    continue;
                }

                using (buffer)
                using (pools[random.Next(2)].TryRent((nuint)random.Next(1, 8000), out var second) ? second : null)
                {
                    if (second is null) Interlocked.Increment(ref refused);
                    var bytes = new Span<byte>((void*)buffer.Address, (int)buffer.ByteLength);
                    bytes.Fill((byte)thread);
                    Assert.IsFalse(bytes.ContainsAnyExcept((byte)thread), "a block was lent twice");
                    Assert.IsLessThanOrEqualTo(budget.Total, budget.Used);
                }
            }
        });

        Assert.IsGreaterThan(0, refused, "the budget was never tight");
        foreach (var pool in pools) Assert.AreEqual(0, pool.RentedBytes);
        Assert.AreEqual(pools.Sum(p => (long)p.IdleBytes), budget.Used);
        Assert.IsTrue(trimmer.IsRunning || budget.Used == 0, "idle blocks were forgotten by the timer");
        foreach (var pool in pools) pool.Dispose();
        Assert.AreEqual(0, budget.Used);
        Assert.AreEqual(0, memory.Live);
    }

    [TestMethod]
    public async Task ManyReservations_SomeCancelledWhileBuffersComeAndGo_AllEndAndTheAccountIsEmpty()
    {
        var budget = new MemoryBudget(10_000);
        using var pool = new BufferPool(Devices.HostMemory.Shared, 1 << 20, clearOnReturn: false, budget);
        budget.Add(pool);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(seed => Task.Run(async () =>
        {
            var random = new Random(seed);
            for (var i = 0; i < 2000; i++)
            {
                if (random.Next(2) == 0 && pool.TryRent((nuint)random.Next(1, 4000), out var buffer)) buffer.Dispose();
                using var source = new CancellationTokenSource();
                var reserving = budget.ReserveAsync(random.Next(1, 10_000), "task", source.Token);
                if (random.Next(3) == 0) await source.CancelAsync();
                try
                {
                    using var reservation = await reserving;
                    Assert.IsLessThanOrEqualTo(budget.Total, budget.Used);
                }
                catch (OperationCanceledException)
                {
                    Assert.IsTrue(source.IsCancellationRequested);
                }
            }
        })));

        pool.Dispose();
        Assert.AreEqual(0, budget.Used);
        Assert.IsEmpty(budget.Reservations);
    }
}
