namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class TokenPipeTests
{
    [TestMethod]
    public async Task WaitAsync_TokenComesLater_IsWoken()
    {
        var pipe = new TokenPipe();
        var waiting = pipe.WaitAsync();
        Assert.IsFalse(waiting.IsCompleted);

        pipe.Write(new TokenEntry(7));
        await waiting;

        Assert.IsTrue(pipe.TryRead(out var entry, out _, out _));
        Assert.AreEqual(7, entry.Id);
    }

    [TestMethod]
    public void TryRead_ManyUnreadTokens_ComeInOrder()
    {
        var pipe = new TokenPipe();
        var read = new List<int>();
        for (var i = 0; i < 1000; i++)
        {
            pipe.Write(new TokenEntry(i));
            if (i % 3 == 0 && pipe.TryRead(out var entry, out _, out _)) read.Add(entry.Id);
        }

        while (pipe.TryRead(out var entry, out _, out _)) read.Add(entry.Id);

        CollectionAssert.AreEqual(Enumerable.Range(0, 1000).ToArray(), read);
    }

    [TestMethod]
    public async Task Complete_WithAnError_ComesAfterTheLastToken()
    {
        var pipe = new TokenPipe();
        pipe.Write(new TokenEntry(1));
        pipe.Complete(new InvalidOperationException("late"));
        pipe.Complete();
        pipe.Write(new TokenEntry(2));

        Assert.IsTrue(pipe.TryRead(out _, out var isCompleted, out var error) && !isCompleted && error is null);
        await pipe.WaitAsync();
        Assert.IsFalse(pipe.TryRead(out _, out isCompleted, out error));
        Assert.IsTrue(isCompleted);
        Assert.AreEqual("late", error!.Message);
    }

    [TestMethod]
    public void Close_ReaderHasGone_WritesAreDropped()
    {
        var pipe = new TokenPipe();
        pipe.Write(new TokenEntry(1));

        pipe.Close();
        pipe.Write(new TokenEntry(2));

        Assert.AreEqual(0, pipe.Count);
        Assert.IsTrue(pipe.WaitAsync().IsCompleted);
    }

    [TestMethod]
    public async Task WaitAsync_WriterOnAnotherThread_NothingIsLost()
    {
        var pipe = new TokenPipe();
        var writer = Task.Run(() =>
        {
            for (var i = 0; i < 20_000; i++) pipe.Write(new TokenEntry(i));
            pipe.Complete();
        });
        var next = 0;
        while (true)
        {
            if (pipe.TryRead(out var entry, out var isCompleted, out _)) Assert.AreEqual(next++, entry.Id);
            else if (isCompleted) break;
            else await pipe.WaitAsync();
        }

        await writer;
        Assert.AreEqual(20_000, next);
    }
}
