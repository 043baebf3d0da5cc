using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class CoreHolderTests
{
    private static readonly WorkloadEstimate _estimate = new() { Cores = 2 };

    [TestMethod]
    public void TryHold_CoresAreFree_HoldsThemUntilItsTurnIsOver()
    {
        var time = new FakeTimeProvider();
        var broker = new Broker();
        using var cores = new CoreHolder(broker, _estimate, new GenerationClock(time), () => { });

        Assert.IsTrue(cores.TryHold());
        Assert.IsTrue(cores.TryHold());
        Assert.AreEqual(1, broker.Asked);
        time.Advance(TimeSpan.FromMilliseconds(150));
        Assert.IsTrue(cores.TryHold());

        Assert.AreEqual(2, broker.Asked);
        Assert.AreEqual(1, broker.Out);
    }

    [TestMethod]
    public async Task TryHold_OthersHaveTheCores_TellsWhenTheyCome()
    {
        var broker = new Broker { Waiting = new TaskCompletionSource() };
        var available = new TaskCompletionSource();
        using var cores = new CoreHolder(broker, _estimate, new GenerationClock(new FakeTimeProvider()), available.SetResult);
        Assert.IsFalse(cores.TryHold());
        Assert.IsFalse(cores.TryHold());

        broker.Waiting.SetResult();
        await available.Task;

        Assert.IsTrue(cores.TryHold());
        Assert.AreEqual(1, broker.Asked);
    }

    [TestMethod]
    public void Return_NothingToDo_GivesThemBack()
    {
        var broker = new Broker();
        using var cores = new CoreHolder(broker, _estimate, new GenerationClock(new FakeTimeProvider()), () => { });
        cores.TryHold();

        cores.Return();

        Assert.AreEqual(0, broker.Out);
    }

    private sealed class Broker : IDeviceBroker
    {
        public int Asked { get; private set; }

        public int Out { get; set; }

        public TaskCompletionSource? Waiting { get; init; }

        public async ValueTask<DeviceLease> LeaseAsync(WorkloadEstimate estimate, CancellationToken cancellationToken = default)
        {
            Asked++;
            if (Waiting is not null) await Waiting.Task.WaitAsync(cancellationToken);
            Out++;
            return new Lease(this, estimate.Cores);
        }

        private sealed class Lease(Broker broker, int cores) : DeviceLease("cpu:0", cores, 0)
        {
            protected override void Return() => broker.Out--;
        }
    }
}
