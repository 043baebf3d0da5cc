using EdgeAI.Devices;

namespace EdgeAI.Memory;

[TestClass]
public sealed class MemoryPoolsTests
{
    [TestMethod]
    public void Acquire_SameMemoryTwice_IsOnePoolUntilTheLastRelease()
    {
        using var pools = new MemoryPools(new EdgeAIOptions());
        var memory = new CountingMemory();
        var first = pools.Acquire("gpu:0", memory);
        Assert.AreSame(first, pools.Acquire("gpu:0", memory));
        Assert.AreNotSame(first, pools.Acquire("gpu:1", new CountingMemory()));
        first.Rent(1000).Dispose();
        Assert.AreEqual(1, memory.Live, "it waits to be used again");

        pools.Release(first);
        Assert.AreEqual(1, memory.Live);
        pools.Release(first);

        Assert.AreEqual(0, memory.Live);
        Assert.AreNotSame(first, pools.Acquire("gpu:0", memory));
    }

    [TestMethod]
    public void Acquire_OrdinaryMemory_IsTheHostsPoolAndStays()
    {
        using var pools = new MemoryPools(new EdgeAIOptions());

        var pool = pools.Acquire("cpu:0", HostMemory.Shared);
        pools.Release(pool);

        Assert.AreSame(pools.Host, pool);
        pool.Rent(8).Dispose();
    }

    [TestMethod]
    public void Acquire_MemoryThatTheHostReaches_CountsAgainstItsBudget()
    {
        using var pools = new MemoryPools(new EdgeAIOptions { MemoryBudget = 1 << 20 });
        var pool = pools.Acquire("gpu:0", new CountingMemory());

        using (pool.Rent(512 << 10))
        {
            Assert.AreEqual(512 << 10, pools.Budget.Used);
            Assert.ThrowsExactly<InsufficientMemoryException>(() => pools.Host.Rent(768 << 10));
        }

        pools.Host.Rent(768 << 10).Dispose();
        Assert.AreEqual(768 << 10, pools.Budget.Used, "the idle block of the other pool made room");
    }
}
