using EdgeAI.Devices;
using EdgeAI.Providers.Cpu.Placement;

namespace EdgeAI.Providers.Cpu.Tests.Placement;

[TestClass]
public sealed class SessionThreadsTests
{
    [TestMethod]
    public void WorkerAffinities_LaneOfFourThreads_HasThreeEntriesCountedFromOne()
    {
        if (!ThreadAffinity.CanBind([0])) Assert.Inconclusive("threads cannot be bound here");
        using var threads = new SessionThreads(new PlacementLedger(TestTopologies.Nodes(2, 4)), "m", new LaneRequest(1, 4, 1), flushDenormals: false);

        Assert.AreEqual("1,2,3,4;1,2,3,4;1,2,3,4", threads.WorkerAffinities);
    }

    [TestMethod]
    public void WorkerAffinities_NothingToBind_IsNull()
    {
        using var flat = new SessionThreads(new PlacementLedger(TestTopologies.Flat(2)), "m", new LaneRequest(1, 2, 1), flushDenormals: false);
        using var single = new SessionThreads(new PlacementLedger(TestTopologies.Nodes(2, 4)), "m", new LaneRequest(4, 1, 4), flushDenormals: false);
        using var off = new SessionThreads(null, "m", new LaneRequest(1, 4, 1), flushDenormals: false);

        Assert.IsNull(flat.WorkerAffinities);
        Assert.IsNull(single.WorkerAffinities, "a session of one thread has no workers");
        Assert.IsNull(off.WorkerAffinities);
    }

    [TestMethod]
    public void Dispose_Twice_GivesThePlacesBackOnce()
    {
        var ledger = new PlacementLedger(TestTopologies.Nodes(2, 4));
        using var other = new SessionThreads(ledger, "m", new LaneRequest(1, 2, 1), flushDenormals: false);
        var threads = new SessionThreads(ledger, "m", new LaneRequest(2, 1, 2), flushDenormals: false);
        CollectionAssert.AreEqual(new[] { 2, 2 }, ledger.Load);

        threads.Dispose();
        threads.Dispose();

        CollectionAssert.AreEqual(new[] { 2, 0 }, ledger.Load);
    }

    [TestMethod]
    public void PrepareThread_LanesOnTwoNodes_BindsThemInTurn()
    {
        var (first, second) = TwoProcessors();
        using var threads = new SessionThreads(new PlacementLedger(TwoNodes(first, second)), "m", new LaneRequest(2, 1, 2), flushDenormals: false);

        CollectionAssert.AreEqual(new[] { first }, OnThread(threads.PrepareThread));
        CollectionAssert.AreEqual(new[] { second }, OnThread(threads.PrepareThread));
        CollectionAssert.AreEqual(new[] { first }, OnThread(threads.PrepareThread), "a lane that takes the place of another has its place too");
    }

    [TestMethod]
    public void PrepareThread_BoundThreadStartsAnother_ThatOneIsFree()
    {
        var (first, second) = TwoProcessors();
        var all = OnThread(() => { });
        using var threads = new SessionThreads(new PlacementLedger(TwoNodes(first, second)), "m", new LaneRequest(1, 1, 1), flushDenormals: false);

        int[] inner = [];
        OnThread(() =>
        {
            threads.PrepareThread();
            inner = OnThread(() => { });
        });

        CollectionAssert.AreEqual(all, inner, "the runtime's own threads, started from a lane, must not inherit its processors");
    }

    [TestMethod]
    public void EnterLoading_Scope_BindsTheThreadForItsTimeOnly()
    {
        var (first, second) = TwoProcessors();
        var all = OnThread(() => { });
        using var threads = new SessionThreads(new PlacementLedger(TwoNodes(first, second)), "m", new LaneRequest(1, 1, 1), flushDenormals: false);

        IReadOnlyList<int>? within = null;
        var after = OnThread(() =>
        {
            using (threads.EnterLoading()) within = ThreadAffinity.TryRead();
        });

        CollectionAssert.AreEqual(new[] { first }, within!.ToArray());
        CollectionAssert.AreEqual(all, after);
    }

    [TestMethod]
    public void TryBind_ProcessorThatIsNotThere_ChangesNothing()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("reads the affinity of Linux threads");
        var all = OnThread(() => { });

        var isBound = true;
        var after = OnThread(() => isBound = ThreadAffinity.TryBind([8000]));

        Assert.IsFalse(isBound);
        CollectionAssert.AreEqual(all, after);
        Assert.IsFalse(ThreadAffinity.TryBind([]));
        Assert.IsFalse(ThreadAffinity.TryBind([100_000]));
    }

    [TestMethod]
    public void PrepareThread_FlushDenormals_SmallNumbersCountAsZeroOnThatThreadOnly()
    {
        using IDisposable threads = new SessionThreads(null, "m", new LaneRequest(1, 1, 1), flushDenormals: true);
        if (FloatingPointMode.TryRead() is null) Assert.Inconclusive("the C library has no floating-point environment that is known here");

        var product = 1f;
        OnThread(() =>
        {
            ((IThreadPreparation)threads).PrepareThread();
            product = Multiply(1e-30f, 1e-10f);
        });

        Assert.AreEqual(0f, product);
        Assert.AreNotEqual(0f, Multiply(1e-30f, 1e-10f));
    }

    [TestMethod]
    public void EnterLoading_ThreadWhoseModeIsChangedWithin_HasItBackAfterwards()
    {
        using var threads = new SessionThreads(null, "m", new LaneRequest(1, 1, 1), flushDenormals: true);
        if (FloatingPointMode.TryRead() is null) Assert.Inconclusive("the C library has no floating-point environment that is known here");

        var (within, after) = (1f, 0f);
        OnThread(() =>
        {
            using (threads.EnterLoading())
            {
                FloatingPointMode.TryFlushDenormals();
                within = Multiply(1e-30f, 1e-10f);
            }

            after = Multiply(1e-30f, 1e-10f);
        });

        Assert.AreEqual(0f, within);
        Assert.AreNotEqual(0f, after);
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static float Multiply(float x, float y) => x * y;

    private static CpuTopology TwoNodes(int first, int second) => new(1, 2, 2, null, null, 2)
    {
        CoreProcessors = [[first], [second]],
        Nodes = [new NumaNode(0, [first], null, []), new NumaNode(1, [second], null, [])],
    };

    private static (int First, int Second) TwoProcessors()
    {
        if (ThreadAffinity.TryRead() is not { Count: > 1 } usable) Assert.Inconclusive("needs Linux and two usable processors");
        else return (usable[0], usable[1]);
        return default;
    }

    /// <summary>Does it on a thread of its own, and tells where that thread may run at its end.</summary>
    private static int[] OnThread(Action action)
    {
        int[] affinity = [];
        var thread = new Thread(() =>
        {
            action();
            affinity = [.. ThreadAffinity.TryRead() ?? []];
        });
        thread.Start();
        thread.Join();
        return affinity;
    }
}
