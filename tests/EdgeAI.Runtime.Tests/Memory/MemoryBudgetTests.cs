using System.Runtime.CompilerServices;
using EdgeAI.Devices;

namespace EdgeAI.Memory;

[TestClass]
public sealed class MemoryBudgetTests
{
    [TestMethod]
    public void TryReserve_Fits_IsCountedUntilDisposedOnce()
    {
        var budget = new MemoryBudget(1000);

        Assert.IsTrue(budget.TryReserve(600, out var weights, "weights of a"));
        Assert.IsFalse(budget.TryReserve(401, out var none));

        Assert.IsNull(none);
        Assert.AreEqual(600, budget.Used);
        Assert.AreEqual(400, budget.Available);
        Assert.AreEqual("weights of a", budget.Reservations.Single().Name);
        weights.Dispose();
        weights.Dispose();
        Assert.AreEqual(0, budget.Used);
        Assert.IsEmpty(budget.Reservations);
    }

    [TestMethod]
    public void ForHost_NothingSet_IsThreeQuartersOfWhatTheRuntimeSees()
    {
        var available = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;

        Assert.AreEqual(available / 4 * 3, MemoryBudget.ForHost(new EdgeAIOptions()).Total);
        Assert.AreEqual(12_345, MemoryBudget.ForHost(new EdgeAIOptions { MemoryBudget = 12_345 }).Total);
    }

    [TestMethod]
    public void TryReserve_IdleBlocksAreInTheWay_FreesAsManyAsNeeded()
    {
        var (budget, pool) = PoolOf(4096);
        pool.Rent(1024).Dispose();
        pool.Rent(512).Dispose();
        Assert.AreEqual(1536, budget.Used);
        Assert.AreEqual(4096, budget.Available);

        Assert.IsTrue(budget.TryReserve(3000, out _));

        Assert.AreEqual((nuint)512, pool.IdleBytes);
        Assert.AreEqual(3512, budget.Used);
    }

    [TestMethod]
    public void Rent_BeyondTheBudget_FreesIdleBlocksOfOtherPoolsFirst()
    {
        var budget = new MemoryBudget(2048);
        var other = AddPool(budget);
        var pool = AddPool(budget);
        other.Rent(1024).Dispose();

        using var buffer = pool.Rent(2048);

        Assert.AreEqual((nuint)0, other.IdleBytes);
        Assert.AreEqual(2048, budget.Used);
    }

    [TestMethod]
    public void Rent_BeyondTheBudget_NamesWhatIsReservedAndTheOption()
    {
        var (budget, pool) = PoolOf(2048);
        budget.TryReserve(1500, out _, "weights of a");

        Assert.IsFalse(pool.TryRent(1024, out _));
        var error = Assert.Throws<OutOfMemoryException>(() => pool.Rent(1024));

        Assert.Contains("weights of a: 1500 bytes", error.Message);
        Assert.Contains("EdgeAIOptions.MemoryBudget", error.Message);
        Assert.AreEqual(1500, budget.Used);
        Assert.IsTrue(pool.TryRent(512, out var smaller));
        smaller.Dispose();
    }

    [TestMethod]
    public void Rent_TheDeviceFails_ChargesNothing()
    {
        var budget = new MemoryBudget(1 << 20);
        var pool = new BufferPool(new CountingMemory { Capacity = 512 }, 1 << 20, clearOnReturn: false, budget);

        Assert.IsFalse(pool.TryRent(1024, out _));

        Assert.AreEqual(0, budget.Used);
    }

    [TestMethod]
    public void Dispose_PoolWithBlocksOut_RefundsAll()
    {
        var (budget, pool) = PoolOf(4096);
        var buffer = pool.Rent(1024);
        pool.Rent(512).Dispose();

        pool.Dispose();
        Assert.AreEqual(1024, budget.Used);
        buffer.Dispose();

        Assert.AreEqual(0, budget.Used);
    }

    [TestMethod]
    public void Rent_NeverDisposed_LeavesTheAccountWithTheCollector()
    {
        var (budget, pool) = PoolOf(4096);
        Forget(pool);
        Assert.AreEqual(1024, budget.Used);

        GC.Collect();
        GC.WaitForPendingFinalizers();

        Assert.AreEqual(0, budget.Used);
        Assert.AreEqual(0, pool.RentedBytes);

        [MethodImpl(MethodImplOptions.NoInlining)]
        static void Forget(BufferPool pool) => pool.Rent(1024);
    }

    [TestMethod]
    public async Task ReserveAsync_DoesNotFit_WaitsInOrderOfArrival()
    {
        var budget = new MemoryBudget(1000);
        budget.TryReserve(900, out var first);
        var large = budget.ReserveAsync(800, "large", CancellationToken.None).AsTask();
        var small = budget.ReserveAsync(50, "small", CancellationToken.None).AsTask();
        Assert.IsFalse(large.IsCompleted || small.IsCompleted);

        first!.Dispose();

        Assert.AreEqual(800, (await large).Bytes);
        Assert.AreEqual("small", (await small).Name);
        Assert.AreEqual(850, budget.Used);
    }

    [TestMethod]
    public async Task ReserveAsync_CancelledInFront_LetsTheNextIn()
    {
        var budget = new MemoryBudget(1000);
        budget.TryReserve(500, out _);
        using var source = new CancellationTokenSource();
        var large = budget.ReserveAsync(800, "large", source.Token).AsTask();
        var small = budget.ReserveAsync(500, "small", CancellationToken.None).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAsync<OperationCanceledException>(() => large);
        Assert.AreEqual(500, (await small).Bytes);
        Assert.AreEqual(1000, budget.Used);
    }

    [TestMethod]
    public async Task ReserveAsync_APooledBlockBecomesIdle_IsFreedForTheWaiter()
    {
        var (budget, pool) = PoolOf(1024);
        var buffer = pool.Rent(1024);
        var waiting = budget.ReserveAsync(1000, "lease", CancellationToken.None).AsTask();

        buffer.Dispose();

        Assert.AreEqual(1000, (await waiting).Bytes);
        Assert.AreEqual(1000, budget.Used);
    }

    private static (MemoryBudget Budget, BufferPool Pool) PoolOf(long bytes)
    {
        var budget = new MemoryBudget(bytes);
        return (budget, AddPool(budget));
    }

    private static BufferPool AddPool(MemoryBudget budget)
    {
        var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false, budget);
        budget.Add(pool);
        return pool;
    }
}
