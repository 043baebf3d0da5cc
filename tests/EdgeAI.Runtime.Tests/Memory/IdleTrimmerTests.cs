using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Memory;

[TestClass]
public sealed class IdleTrimmerTests
{
    private readonly FakeTimeProvider _time = new();
    private bool _isShort;
    private int _collections;

    [TestMethod]
    public void Tick_NobodyRents_HalfGoesThenTheRestAndTheTimerStops()
    {
        using var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        Assert.IsFalse(trimmer.IsRunning);
        DeviceBuffer[] buffers = [.. Enumerable.Range(0, 4).Select(_ => pool.Rent(256))];
        foreach (var buffer in buffers) buffer.Dispose();
        Assert.IsTrue(trimmer.IsRunning);

        _time.Advance(IdleTrimmer.Period);
        Assert.AreEqual((nuint)1024, pool.IdleBytes, "the blocks were in use in this period");
        _time.Advance(IdleTrimmer.Period);
        Assert.AreEqual((nuint)512, pool.IdleBytes);
        _time.Advance(IdleTrimmer.Period);

        Assert.AreEqual((nuint)0, pool.IdleBytes);
        Assert.IsFalse(trimmer.IsRunning);
    }

    [TestMethod]
    public void Tick_OneSizeIsInUse_OnlyTheOtherGoes()
    {
        using var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        pool.Rent(2048).Dispose();

        for (var i = 0; i < 3; i++)
        {
            pool.Rent(256).Dispose();
            _time.Advance(IdleTrimmer.Period);
        }

        Assert.AreEqual((nuint)256, pool.IdleBytes);
        Assert.IsTrue(trimmer.IsRunning);
    }

    [TestMethod]
    public void Tick_RentedAgainAfterTheTimerStopped_RunsAgain()
    {
        using var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        pool.Rent(256).Dispose();
        for (var i = 0; i < 3; i++) _time.Advance(IdleTrimmer.Period);
        Assert.IsFalse(trimmer.IsRunning);

        pool.Rent(256).Dispose();

        Assert.IsTrue(trimmer.IsRunning);
    }

    [TestMethod]
    public void Tick_MemoryIsShort_EverythingIdleGoesAtOnce()
    {
        using var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        pool.Rent(256).Dispose();
        _isShort = true;

        _time.Advance(IdleTrimmer.Period);

        Assert.AreEqual((nuint)0, pool.IdleBytes);
    }

    [TestMethod]
    public void Rent_MemoryIsShortSinceACollection_FreesTheIdleBlocksOfAllPools()
    {
        using var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        using var other = PoolOf(trimmer);
        using var first = pool.Rent(512);
        other.Rent(256).Dispose();
        _isShort = true;

        using var second = pool.Rent(512);
        Assert.AreEqual((nuint)256, other.IdleBytes, "no collection has measured the load since");
        _collections++;
        using var third = pool.Rent(512);

        Assert.AreEqual((nuint)0, other.IdleBytes);
    }

    [TestMethod]
    public void Dispose_BlockComesBackLater_StartsNoTimer()
    {
        var trimmer = Trimmer();
        using var pool = PoolOf(trimmer);
        var buffer = pool.Rent(256);
        trimmer.Dispose();

        buffer.Dispose();

        Assert.IsFalse(trimmer.IsRunning);
    }

    [TestMethod]
    public void Host_OfTheEngine_IsTrimmedInTime()
    {
        using var pools = new MemoryPools(new EdgeAIOptions { MemoryBudget = 1 << 20 }, _time);
        pools.Host.Rent(1000).Dispose();
        Assert.AreEqual(1024, pools.Budget.Used);

        for (var i = 0; i < 3; i++) _time.Advance(IdleTrimmer.Period);

        Assert.AreEqual(0, pools.Budget.Used);
    }

    private IdleTrimmer Trimmer() => new(_time, new MemoryPressure(() => _collections, () => _isShort));

    private static BufferPool PoolOf(IdleTrimmer trimmer)
    {
        var pool = new BufferPool(Devices.HostMemory.Shared, 1 << 20, clearOnReturn: false, budget: null, trimmer);
        trimmer.Add(pool);
        return pool;
    }
}
