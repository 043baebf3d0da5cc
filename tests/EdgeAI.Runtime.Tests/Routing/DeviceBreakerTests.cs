namespace EdgeAI.Routing;

[TestClass]
public sealed class DeviceBreakerTests
{
    private static readonly long _half = TimeSpan.FromMilliseconds(500).Ticks;

    private readonly DeviceBreaker _breaker = new();

    [TestMethod]
    public void Failed_ThreeInARow_Opens()
    {
        _breaker.Failed(isLost: false, now: 0);
        _breaker.Failed(isLost: false, now: 0);
        Assert.IsTrue(_breaker.Permits(0, isWorking: false));

        _breaker.Failed(isLost: false, now: 0);

        Assert.IsFalse(_breaker.Permits(0, isWorking: false));
    }

    [TestMethod]
    public void Failed_SuccessBetween_CountsAnew()
    {
        for (var i = 0; i < 4; i++)
        {
            _breaker.Failed(isLost: false, now: 0);
            _breaker.Failed(isLost: false, now: 0);
            for (var good = 0; good < 5; good++) _breaker.Succeeded();
        }

        Assert.IsFalse(_breaker.IsOpen);
    }

    [TestMethod]
    public void Failed_HalfOfTheRuns_OpensWhenTenAreKnown()
    {
        for (var run = 1; run < 10; run++)
        {
            if (run % 2 == 0) _breaker.Failed(isLost: false, now: 0);
            else _breaker.Succeeded();
        }

        Assert.IsFalse(_breaker.IsOpen, "nine runs are too few");
        _breaker.Failed(isLost: false, now: 0);

        Assert.IsTrue(_breaker.IsOpen);
    }

    [TestMethod]
    public void Failed_OldRuns_AreForgotten()
    {
        for (var run = 0; run < 100; run++) _breaker.Succeeded();
        for (var run = 0; run < 9; run++)
        {
            _breaker.Failed(isLost: false, now: 0);
            _breaker.Succeeded();
        }

        Assert.IsFalse(_breaker.IsOpen, "nine of the last twenty");
        _breaker.Failed(isLost: false, now: 0);

        Assert.IsTrue(_breaker.IsOpen, "ten of the last twenty, whatever was before");
    }

    [TestMethod]
    public void Failed_Lost_OpensAtOnce()
    {
        _breaker.Failed(isLost: true, now: 0);

        Assert.IsFalse(_breaker.Permits(0, isWorking: false));
    }

    [TestMethod]
    public void Permits_HalfOpen_LetsOneThrough()
    {
        _breaker.Failed(isLost: true, now: 0);

        Assert.IsFalse(_breaker.Permits(_half - 1, isWorking: false));
        Assert.IsTrue(_breaker.Permits(_half, isWorking: false));
        Assert.IsFalse(_breaker.Permits(_half, isWorking: true));

        _breaker.Succeeded();
        Assert.IsTrue(_breaker.Permits(_half, isWorking: true));
    }

    [TestMethod]
    public void Failed_AgainAndAgain_DoublesThePauseUpToAMinute()
    {
        long now = 0;
        _breaker.Failed(isLost: true, now);
        foreach (var milliseconds in new[] { 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000 })
        {
            var pause = TimeSpan.FromMilliseconds(milliseconds).Ticks;
            Assert.IsFalse(_breaker.Permits(now + pause - 1, isWorking: false), $"{milliseconds} ms");
            Assert.IsTrue(_breaker.Permits(now + pause, isWorking: false), $"{milliseconds} ms");
            now += pause;
            _breaker.Failed(isLost: false, now);
        }
    }

    [TestMethod]
    public void Failed_LongAfterItWasGoodAgain_PausesBrieflyAgain()
    {
        _breaker.Failed(isLost: true, now: 0);
        _breaker.Failed(isLost: true, now: _half);
        _breaker.Succeeded();
        var later = TimeSpan.FromMinutes(5).Ticks;

        _breaker.Failed(isLost: true, later);

        Assert.IsTrue(_breaker.Permits(later + _half, isWorking: false));
    }

    [TestMethod]
    public void NeedsProof_RunsOfRequests_DoNotClose()
    {
        _breaker.NeedsProof = true;
        _breaker.Failed(isLost: true, now: 0);

        Assert.IsFalse(_breaker.IsProofDue(_half - 1));
        Assert.IsTrue(_breaker.IsProofDue(_half));
        Assert.IsFalse(_breaker.Permits(_half, isWorking: false));
        _breaker.Succeeded();
        Assert.IsTrue(_breaker.IsOpen);

        _breaker.Proved();

        Assert.IsTrue(_breaker.Permits(_half, isWorking: true));
        Assert.IsFalse(_breaker.IsProofDue(_half));
    }
}
