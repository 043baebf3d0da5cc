using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests;

/// <summary>From one engine to the next, over a folder.</summary>
[TestClass]
public sealed class KeptConversationTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly List<string> _problems = [];

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Dispose_ConversationInASlot_GoesOnInTheNextStart()
    {
        int[] prompt = [.. Enumerable.Range(5, 20)];
        int[] answer;
        using (var first = Start()) answer = Ask(first, prompt, 5, out _);

        using var second = Start();
        int[] next = [.. prompt, .. answer, 1, 2];
        CollectionAssert.AreEqual(HistoryDecoder.Expected(next, 5), Ask(second, next, 5, out var cached));

        // The last token of an answer is chosen, not computed.
        Assert.AreEqual(24, cached);
        Assert.IsEmpty(_problems);
    }

    [TestMethod]
    public void Step_ConversationLosesItsSlot_IsKeptWithoutTheEnginesEnd()
    {
        using var engine = Start();
        Ask(engine, [.. Enumerable.Range(5, 20)], 5, out _);
        Ask(engine, [.. Enumerable.Range(15, 20)], 5, out _);

        // Written beside the decoding: only the end waits for it.
        engine.Engine.Conversations!.Close([]);

        Assert.HasCount(1, _folder.FileNames);
    }

    [TestMethod]
    public void Dispose_ConversationWentOn_TakesThePlaceOfWhatItContinues()
    {
        int[] prompt = [.. Enumerable.Range(5, 20)];
        using (var first = Start()) prompt = [.. prompt, .. Ask(first, prompt, 5, out _)];
        var before = _folder.FileNames.Single();
        using (var second = Start()) Ask(second, [.. prompt, 1, 2], 5, out _);

        Assert.AreNotEqual(before, _folder.FileNames.Single());
        using var third = Start();
        Ask(third, [.. prompt, 1, 2, 3], 5, out var cached);
        Assert.AreEqual(27, cached);
    }

    [TestMethod]
    public void Dispose_NothingWasSaid_KeepsWhatThereWas()
    {
        using (var first = Start()) Ask(first, [.. Enumerable.Range(5, 20)], 5, out _);
        var before = _folder.FileNames.Single();
        using (Start())
        {
        }

        Assert.AreEqual(before, _folder.FileNames.Single());
    }

    [TestMethod]
    public void Step_SequenceThatMayNotBeReused_IsNotKept()
    {
        using (var engine = Start())
        {
            engine.Submit(Enumerable.Range(5, 20).ToArray(), 5, reuse: false);
            engine.RunToEnd();
        }

        Assert.IsEmpty(_folder.FileNames);
    }

    [TestMethod]
    public void Dispose_FolderCannotBeMade_SaysSoOnceAndServes()
    {
        File.WriteAllText(_folder.PathOf("cache"), "a file where the folder should be");
        using (var engine = Start("cache"))
        {
            for (var i = 0; i < 4; i++) Assert.HasCount(5, Ask(engine, [.. Enumerable.Range(i, 20)], 5, out _));
        }

        Assert.HasCount(1, _problems);
    }

    [TestMethod]
    public void Dispose_FolderIsReadOnly_ReadsWhatThereIs()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Folders have no such mode on Windows.");
            return;
        }

        if (Environment.IsPrivilegedProcess) Assert.Inconclusive("A privileged user may write everywhere.");
        int[] prompt = [.. Enumerable.Range(5, 20)];
        using (var first = Start("kept")) Ask(first, prompt, 5, out _);
        File.SetUnixFileMode(_folder.PathOf("kept"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            using (var second = Start("kept"))
            {
                Ask(second, [.. prompt, 1], 5, out var cached);
                Assert.AreEqual(20, cached);
            }

            Assert.HasCount(1, _problems);
        }
        finally
        {
            File.SetUnixFileMode(_folder.PathOf("kept"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private EngineFixture Start(string? folder = null)
    {
        _time.Advance(TimeSpan.FromMinutes(1));
        var fixture = new EngineFixture(new HistoryDecoder(slots: 1, capacity: 64));
        var options = new TextGeneratorOptions { PrefixCacheFolder = folder is null ? _folder.Path : _folder.PathOf(folder), KeptConversationBytes = 1 << 20, PrefixCacheBytes = 1 << 20 };
        KeptConversations.Load(fixture.Engine, options, new Lazy<PrefixFormat>(() => new PrefixFormat(new byte[32], fixture.Engine.RowBytes)), _time, _problems.Add, CancellationToken.None);
        return fixture;
    }

    private static int[] Ask(EngineFixture engine, int[] prompt, int tokens, out int cached)
    {
        var sequence = engine.Submit(prompt, tokens);
        engine.RunToEnd();
        cached = sequence.CachedTokens;
        return EngineFixture.Read(sequence);
    }
}
