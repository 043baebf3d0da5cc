namespace EdgeAI.Leases;

[TestClass]
public sealed class CoreBudgetTests
{
    [TestMethod]
    public void TryTake_CoresAreFree_TakesThemWithoutACall()
    {
        var budget = new CoreBudget(4);
        using var lane = new TestWaiter();

        Assert.IsTrue(budget.TryTake(3, lane));
        Assert.AreEqual(1, budget.Free);
        budget.Return(3);

        Assert.AreEqual(4, budget.Free);
        Assert.AreEqual(0, lane.Calls);
    }

    [TestMethod]
    public void TryTake_MoreThanTheCapacity_TakesAllAndReturnsAll()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();

        Assert.IsTrue(budget.TryTake(8, lane));
        Assert.AreEqual(0, budget.Free);
        budget.Return(8);

        Assert.AreEqual(2, budget.Free);
    }

    [TestMethod]
    public void TryTake_NoCapacitySet_IsAlwaysTrue()
    {
        var budget = new CoreBudget(null);
        using var lane = new TestWaiter();

        for (var i = 0; i < 3; i++) Assert.IsTrue(budget.TryTake(int.MaxValue, lane));

        Assert.IsNull(budget.Free);
    }

    [TestMethod]
    public void Return_SomebodyWaits_CallsAndReservesUntilItTakes()
    {
        var budget = new CoreBudget(1);
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        budget.TryTake(1, first);
        Assert.IsFalse(budget.TryTake(1, second));

        budget.Return(1);

        Assert.AreEqual(1, second.Calls);
        Assert.IsFalse(budget.TryTake(1, first), "the returner overtook the waiter");
        Assert.IsTrue(budget.TryTake(1, second));
        Assert.AreEqual(0, first.Calls);
        budget.Return(1);
        Assert.AreEqual(1, first.Calls);
    }

    [TestMethod]
    public void TryTake_AskedTwiceWhileWaiting_IsQueuedOnce()
    {
        var budget = new CoreBudget(1);
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        budget.TryTake(1, first);
        budget.TryTake(1, second);
        budget.TryTake(1, second);

        budget.Return(1);
        Assert.IsTrue(budget.TryTake(1, second));
        budget.Return(1);

        Assert.AreEqual(1, second.Calls);
        Assert.AreEqual(1, budget.Free);
    }

    [TestMethod]
    public void Return_TheFirstNeedsMore_NobodyBehindOvertakes()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();
        using var wide = new TestWaiter();
        using var narrow = new TestWaiter();
        budget.TryTake(1, lane);
        budget.TryTake(1, lane);
        budget.TryTake(2, wide);
        budget.TryTake(1, narrow);

        budget.Return(1);
        Assert.AreEqual(0, wide.Calls + narrow.Calls);
        budget.Return(1);

        Assert.AreEqual(1, wide.Calls);
        Assert.AreEqual(0, narrow.Calls);
    }

    [TestMethod]
    public void Return_EnoughForSeveral_CallsThemInOrder()
    {
        var order = new List<string>();
        var budget = new CoreBudget(3);
        using var lane = new TestWaiter();
        using var a = new TestWaiter("a", w => order.Add(w.ToString()));
        using var b = new TestWaiter("b", w => order.Add(w.ToString()));
        using var c = new TestWaiter("c", w => order.Add(w.ToString()));
        budget.TryTake(3, lane);
        budget.TryTake(1, a);
        budget.TryTake(2, b);
        budget.TryTake(1, c);

        budget.Return(3);

        CollectionAssert.AreEqual(new[] { "a", "b" }, order);
    }

    [TestMethod]
    public void Forfeit_WhileWaitingInFront_LetsTheNextIn()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();
        using var wide = new TestWaiter();
        using var narrow = new TestWaiter();
        budget.TryTake(1, lane);
        budget.TryTake(2, wide);
        budget.TryTake(1, narrow);

        budget.Forfeit(wide);

        Assert.AreEqual(1, narrow.Calls);
        Assert.IsTrue(budget.TryTake(1, narrow));
        Assert.AreEqual(0, budget.Free);
    }

    [TestMethod]
    public void Forfeit_WhatWasReserved_GoesToTheNext()
    {
        var budget = new CoreBudget(1);
        using var lane = new TestWaiter();
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        budget.TryTake(1, lane);
        budget.TryTake(1, first);
        budget.TryTake(1, second);
        budget.Return(1);

        budget.Forfeit(first);
        budget.Forfeit(first);

        Assert.AreEqual(1, second.Calls);
        Assert.IsTrue(budget.TryTake(1, second));
        budget.Return(1);
        Assert.AreEqual(1, budget.Free);
    }

    [TestMethod]
    public void TryTake_LessThanReserved_GivesTheRestToTheNext()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        budget.TryTake(2, lane);
        budget.TryTake(2, first);
        budget.TryTake(1, second);
        budget.Return(2);

        Assert.IsTrue(budget.TryTake(1, first));

        Assert.AreEqual(1, second.Calls);
    }

    [TestMethod]
    public void TryTake_MoreThanReserved_KeepsItsPlace()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();
        using var first = new TestWaiter();
        using var second = new TestWaiter();
        budget.TryTake(1, lane);
        budget.TryTake(1, lane);
        budget.TryTake(1, first);
        budget.TryTake(1, second);
        budget.Return(1);

        Assert.IsFalse(budget.TryTake(2, first));
        budget.Return(1);

        Assert.AreEqual(2, first.Calls);
        Assert.AreEqual(0, second.Calls);
        Assert.IsTrue(budget.TryTake(2, first));
    }

    [TestMethod]
    public void Return_MoreThanWasTaken_Throws()
    {
        var budget = new CoreBudget(2);

        Assert.Throws<InvalidOperationException>(() => budget.Return(1));
        Assert.AreEqual(2, budget.Free);
    }

    [TestMethod]
    public async Task TakeAsync_FewerAreFree_GivesThoseDownToTheMinimum()
    {
        var budget = new CoreBudget(4);
        using var lane = new TestWaiter();
        budget.TryTake(1, lane);

        using var lease = await budget.TakeAsync(4, 2, CancellationToken.None);

        Assert.AreEqual(3, lease.Cores);
        Assert.AreEqual(0, budget.Free);
    }

    [TestMethod]
    public async Task TakeAsync_NothingFree_WaitsForItsTurnAndReturnsExactlyOnce()
    {
        var budget = new CoreBudget(2);
        using var lane = new TestWaiter();
        budget.TryTake(2, lane);
        var taking = budget.TakeAsync(2, 1, CancellationToken.None).AsTask();
        Assert.IsFalse(taking.IsCompleted);

        budget.Return(2);
        var lease = await taking;
        Assert.AreEqual(2, lease.Cores);
        lease.Dispose();
        lease.Dispose();

        Assert.AreEqual(2, budget.Free);
    }

    [TestMethod]
    public async Task TakeAsync_CancelledWhileWaiting_LeavesTheQueue()
    {
        var budget = new CoreBudget(1);
        using var lane = new TestWaiter();
        using var next = new TestWaiter();
        using var source = new CancellationTokenSource();
        budget.TryTake(1, lane);
        var taking = budget.TakeAsync(1, 1, source.Token).AsTask();
        budget.TryTake(1, next);

        await source.CancelAsync();
        var error = await Assert.ThrowsAsync<OperationCanceledException>(() => taking);
        budget.Return(1);

        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.AreEqual(1, next.Calls);
    }
}
