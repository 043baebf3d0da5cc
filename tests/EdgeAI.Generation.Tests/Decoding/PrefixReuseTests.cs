namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class PrefixReuseTests
{
    private static readonly int[] _system = [.. Enumerable.Range(5, 20)];

    [TestMethod]
    public void Step_PromptContinuesAConversation_ItsSlotIsUsedWithoutACopy()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        var first = fixture.Submit(_system, 5);
        fixture.RunToEnd();
        int[] prompt = [.. _system, .. EngineFixture.Read(first), 1, 2];
        fixture.Decoder.Runs.Clear();

        var second = fixture.Submit(prompt, 5);
        fixture.RunToEnd();

        Assert.AreEqual(24, second.CachedTokens);
        Assert.AreEqual(first.Slot, second.Slot);
        Assert.IsFalse(fixture.Decoder.Runs.Any(run => run.Kind is "copy" or "import"));
        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 5), EngineFixture.Read(second));
    }

    [TestMethod]
    public void Step_SamePromptAgain_ItsLastTokenIsComputed()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(_system, 5);
        fixture.RunToEnd();

        var again = fixture.Submit(_system, 5);
        fixture.RunToEnd();

        Assert.AreEqual(19, again.CachedTokens);
        CollectionAssert.AreEqual(HistoryDecoder.Expected(_system, 5), EngineFixture.Read(again));
    }

    [TestMethod]
    public void Step_OthersTookTheSlots_RowsComeBackFromHostMemory()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(_system, 5);
        fixture.RunToEnd();
        fixture.Submit(new[] { 49, 48, 47 }, 5);
        fixture.RunToEnd();

        int[] prompt = [.. _system, 1];
        var again = fixture.Submit(prompt, 5);
        fixture.RunToEnd();

        Assert.AreEqual(20, again.CachedTokens);
        Assert.IsTrue(fixture.Decoder.Runs.Any(run => run is { Kind: "import", Count: 20 }));
        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 5), EngineFixture.Read(again));
    }

    [TestMethod]
    public void Step_AnotherUsesTheSamePrefixNow_ItIsCopied()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 2, capacity: 64));
        fixture.Submit(_system, 30);
        for (var i = 0; i < 5; i++) fixture.Engine.Step();

        int[] prompt = [.. _system, 1, 2, 3];
        var second = fixture.Submit(prompt, 5);
        fixture.RunToEnd();

        Assert.AreEqual(20, second.CachedTokens);
        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 5), EngineFixture.Read(second));
    }

    [TestMethod]
    public void Step_ReuseIsOff_NothingIsTakenAndNothingKept()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        fixture.Submit(_system, 5, reuse: false);
        fixture.RunToEnd();

        var kept = fixture.Submit(_system, 5);
        fixture.RunToEnd();
        var without = fixture.Submit(_system, 5, reuse: false);
        fixture.RunToEnd();

        Assert.AreEqual(0, kept.CachedTokens);
        Assert.AreEqual(0, without.CachedTokens);
    }

    [TestMethod]
    public void Pin_MemoryIsNeededByOthers_StaysAndIsUsed()
    {
        using var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64), new DecodingLimits { PrefixCacheBytes = 0 });
        fixture.Engine.Pin(_system, default);
        for (var i = 0; i < 3; i++) fixture.Submit(new[] { 40 + i, 1, 2 }, 5);
        fixture.RunToEnd();

        int[] prompt = [.. _system, 9];
        var sequence = fixture.Submit(prompt, 5);
        fixture.RunToEnd();

        Assert.AreEqual(20, sequence.CachedTokens);
        CollectionAssert.AreEqual(HistoryDecoder.Expected(prompt, 5), EngineFixture.Read(sequence));
    }

    [TestMethod]
    public void Add_MemoryIsFull_TheLeastRecentlyUsedGoes()
    {
        using var store = new PrefixStore(limit: 40 * sizeof(int), rowBytes: sizeof(int));
        for (var i = 0; i < 3; i++) store.Add(Entry([.. Enumerable.Repeat(i, 16)], lastUsed: 10 - i));

        CollectionAssert.AreEqual(new[] { 0, 2 }, store.Entries.Select(entry => entry.Tokens[0]).ToArray());
        Assert.AreEqual(32 * sizeof(int), store.Bytes);
    }

    [TestMethod]
    public void Wants_ShortHeldOrTooLarge_DoesNot()
    {
        using var store = new PrefixStore(limit: 40 * sizeof(int), rowBytes: sizeof(int));
        store.Add(Entry([.. Enumerable.Range(0, 20)], lastUsed: 1));

        Assert.IsFalse(store.Wants([1, 2, 3]));
        Assert.IsFalse(store.Wants(Enumerable.Range(0, 18).ToArray()));
        Assert.IsFalse(store.Wants(Enumerable.Range(100, 41).ToArray()));
        Assert.IsTrue(store.Wants(Enumerable.Range(0, 21).ToArray()));
    }

    private static PrefixEntry Entry(int[] tokens, long lastUsed) => new(tokens, new NativeBuffer((nuint)tokens.Length * sizeof(int)), isPinned: false) { LastUsed = lastUsed };
}
