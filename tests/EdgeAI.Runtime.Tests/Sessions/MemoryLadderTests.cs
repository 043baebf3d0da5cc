namespace EdgeAI.Sessions;

[TestClass]
public sealed class MemoryLadderTests
{
    [TestMethod]
    [DataRow("pools first", 4, 1024L, false, false, true, true, "Trim")]
    [DataRow("nothing to trim: fewer rows", 4, 0L, false, false, true, true, "Halve")]
    [DataRow("trimmed: fewer rows, whatever is idle by now", 4, 1024L, true, false, true, true, "Halve")]
    [DataRow("one request, pools first", 1, 1024L, false, false, true, true, "Trim")]
    [DataRow("one request: sessions are built anew before another device is asked", 1, 1024L, true, false, true, true, "Rebuild")]
    [DataRow("once for a batch", 1, 0L, true, true, true, true, "Move")]
    [DataRow("and not shortly after the last time", 1, 0L, true, false, false, true, "Move")]
    [DataRow("nobody else can take it", 1, 0L, true, true, true, false, "Fail")]
    [DataRow("a batch is cut, never built for or moved", 2, 0L, true, false, true, true, "Halve")]
    public void Next_State_IsTheCheapestStepThatIsLeft(string why, int requests, long idleBytes, bool isTrimmed, bool isRebuilt, bool mayRebuild, bool mayMove, string expected) =>
        Assert.AreEqual(expected, $"{MemoryLadder.Next(new MemoryState(requests, idleBytes, isTrimmed, isRebuilt, mayRebuild, mayMove))}", why);

    [TestMethod]
    public void RebuildPause_TimeAfterTime_IsTwiceAsLongUpToTenMinutes()
    {
        var pause = new RebuildPause();
        var now = 0L;
        var pauses = new List<double>();
        Assert.IsTrue(pause.IsOver(now), "nothing was built anew yet");
        for (var i = 0; i < 8; i++)
        {
            pause.Begin(now);
            var until = now;
            while (!pause.IsOver(until)) until += TimeSpan.TicksPerSecond;
            pauses.Add(TimeSpan.FromTicks(until - now).TotalSeconds);
            now = until;
        }

        CollectionAssert.AreEqual(new double[] { 10, 20, 40, 80, 160, 320, 600, 600 }, pauses);
    }

    [TestMethod]
    public void RebuildPause_LongWithoutNeed_IsShortAgain()
    {
        var pause = new RebuildPause();
        pause.Begin(0);
        pause.Begin(TimeSpan.FromSeconds(10).Ticks);
        var later = TimeSpan.FromMinutes(11).Ticks;

        pause.Begin(later);

        Assert.IsFalse(pause.IsOver(later + TimeSpan.FromSeconds(9).Ticks));
        Assert.IsTrue(pause.IsOver(later + TimeSpan.FromSeconds(10).Ticks));
    }
}
