using EdgeAI.Devices;

namespace EdgeAI.Memory;

[TestClass]
public sealed unsafe class BufferPoolTests
{
    [TestMethod]
    public void Rent_AfterReturn_ReusesTheBlock()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);
        var first = pool.Rent(1000);
        var address = first.Address;
        first.Dispose();

        using var second = pool.Rent(900);

        Assert.AreEqual(address, second.Address);
        Assert.AreEqual((nuint)900, second.ByteLength);
        Assert.AreEqual(0u, (uint)pool.IdleBytes);
    }

    [TestMethod]
    public void Dispose_BufferStillRetained_ComesBackWithTheLastReference()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);
        var buffer = pool.Rent(512);
        buffer.Retain();

        buffer.Dispose();
        buffer.Dispose();
        Assert.AreEqual(512, pool.RentedBytes);
        buffer.Release();

        Assert.AreEqual(0, pool.RentedBytes);
        Assert.AreEqual((nuint)512, pool.IdleBytes);
    }

    [TestMethod]
    public void Rent_ClearOnReturn_NeverShowsEarlierData()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: true);
        var secret = pool.Rent(256);
        new Span<byte>((void*)secret.Address, 256).Fill(0x5A);
        secret.Dispose();

        using var next = pool.Rent(256);

        Assert.IsFalse(new ReadOnlySpan<byte>((void*)next.Address, 256).ContainsAnyExcept((byte)0));
    }

    [TestMethod]
    public void Return_MoreIdleThanAllowed_FreesTheBlock()
    {
        var memory = new CountingMemory();
        using var pool = new BufferPool(memory, maxIdleBytes: 1024, clearOnReturn: false);

        DeviceBuffer[] buffers = [pool.Rent(512), pool.Rent(256), pool.Rent(320)];
        foreach (var buffer in buffers) buffer.Dispose();

        Assert.AreEqual(2, memory.Live);
        pool.Trim();
        Assert.AreEqual(0, memory.Live);
    }

    [TestMethod]
    public void Return_OneSizeTakesMoreThanHalf_FreesTheBlock()
    {
        var memory = new CountingMemory();
        using var pool = new BufferPool(memory, maxIdleBytes: 1024, clearOnReturn: false);

        var buffers = Enumerable.Range(0, 5).Select(_ => pool.Rent(256)).ToArray();
        foreach (var buffer in buffers) buffer.Dispose();

        Assert.AreEqual(2, memory.Live);
    }

    [TestMethod]
    public void Return_OneBlockLargerThanHalf_IsKept()
    {
        using var pool = new BufferPool(HostMemory.Shared, maxIdleBytes: 1024, clearOnReturn: false);

        pool.Rent(1000).Dispose();

        Assert.AreEqual((nuint)1024, pool.IdleBytes);
    }

    [TestMethod]
    public void Rent_DeviceIsFull_SaysSoAndTryRentDoesNotThrow()
    {
        var memory = new CountingMemory { Capacity = 1024 };
        using var pool = new BufferPool(memory, 1 << 20, clearOnReturn: false);
        using var all = pool.Rent(1024);

        Assert.Throws<OutOfMemoryException>(() => pool.Rent(128));
        Assert.IsFalse(pool.TryRent(128, out var none));

        Assert.IsNull(none);
        Assert.AreEqual(1024, pool.RentedBytes);
    }

    [TestMethod]
    public void Rent_NoMemoryCanBeThatLarge_Fails()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);

        Assert.IsFalse(pool.TryRent(nuint.MaxValue, out _));
        Assert.Throws<OutOfMemoryException>(() => pool.Rent(nuint.MaxValue - 5));
    }

    [TestMethod]
    public void Rent_OwnerDisposesAgainAfterTheBlockWasLentAnew_DoesNotTakeItBack()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false);
        var first = pool.Rent(256);
        first.Dispose();
        using var second = pool.Rent(256);

        first.Dispose();

        Assert.AreEqual(256, pool.RentedBytes);
        Assert.IsFalse(second.IsFreed);
    }

    [TestMethod]
    public void Rent_Steady_AllocatesOneSmallObject()
    {
        using var pool = new BufferPool(HostMemory.Shared, 1 << 20, clearOnReturn: false, new MemoryBudget(1 << 20));
        for (var i = 0; i < 100; i++) pool.Rent(1000).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++) pool.Rent(1000).Dispose();

        Assert.IsLessThanOrEqualTo(64_000, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void Rent_DeviceIsFullOfIdleBlocksOfAnotherSize_FreesThemAndSucceeds()
    {
        var memory = new CountingMemory { Capacity = 1024 };
        using var pool = new BufferPool(memory, maxIdleBytes: 1 << 20, clearOnReturn: false);
        pool.Rent(1024).Dispose();

        using var buffer = pool.Rent(512);

        Assert.AreEqual(1, memory.Live);
    }

    [TestMethod]
    public void Dispose_BufferIsOut_IsFreedWhenItComesBack()
    {
        var memory = new CountingMemory();
        var pool = new BufferPool(memory, 1 << 20, clearOnReturn: false);
        var buffer = pool.Rent(128);

        pool.Dispose();
        Assert.AreEqual(1, memory.Live);
        buffer.Dispose();

        Assert.AreEqual(0, memory.Live);
    }

    [TestMethod]
    public void Rent_FromManyThreads_LosesNothing()
    {
        var memory = new CountingMemory();
        var pool = new BufferPool(memory, 1 << 20, clearOnReturn: false);

        Parallel.For(0, 8, thread =>
        {
            for (var i = 0; i < 2000; i++)
            {
                using var buffer = pool.Rent((nuint)(128 + ((thread + i) % 7 * 100)));
                var bytes = new Span<byte>((void*)buffer.Address, (int)buffer.ByteLength);
                bytes.Fill((byte)thread);
                Assert.IsFalse(bytes.ContainsAnyExcept((byte)thread), "a block was lent twice");
            }
        });

        Assert.AreEqual(0, pool.RentedBytes);
        pool.Dispose();
        Assert.AreEqual(0, memory.Live);
    }
}
