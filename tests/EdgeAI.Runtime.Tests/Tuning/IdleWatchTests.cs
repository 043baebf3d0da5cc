using EdgeAI.Batching;
using EdgeAI.Scheduling;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Tuning;

[TestClass]
public sealed class IdleWatchTests
{
    [TestMethod]
    public async Task WaitForIdleAsync_RequestWaits_GoesOnOnlyWhenItIsGone()
    {
        var time = new FakeTimeProvider();
        using var driver = new SchedulerDriver(new SchedulerLimits { MaxQueueLength = 8, AgingPeriod = 1000 }, new Batching.Policies.GreedyPolicy(), new Clock(time));
        var watch = new IdleWatch();
        watch.Add(driver);
        Assert.IsTrue(watch.IsIdle);
        var item = new QuietItem { Shape = new ShapeGroup(layout: null) };
        Assert.IsTrue(driver.TrySubmit(item));
        Assert.IsFalse(watch.IsIdle);

        var waiting = watch.WaitForIdleAsync(time, CancellationToken.None);
        for (var look = 0; look < 20; look++)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        Assert.IsFalse(waiting.IsCompleted);
        driver.Cancel(item);
        while (!waiting.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        await waiting;
        watch.Remove(driver);
        Assert.IsTrue(watch.IsIdle);
    }

    private sealed class QuietItem : WorkItem
    {
        public override void Reject(in Refusal refusal)
        {
        }

        public override void Cancel()
        {
        }

        public override void Abandon(Exception reason)
        {
        }
    }
}
