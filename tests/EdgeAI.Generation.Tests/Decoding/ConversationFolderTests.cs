using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed class ConversationFolderTests : IDisposable
{
    private const int RowBytes = 100;
    private const long All = 1 << 20;

    private static readonly byte[] _model = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    private readonly TemporaryFolder _folder = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UtcNow);
    private readonly PrefixFormat _format = new(_model, RowBytes);

    public void Dispose() => _folder.Dispose();

    [TestMethod]
    public void Read_WhatWasWritten_GivesTokensAndRowsThoseUsedLastFirst()
    {
        var folder = Create();
        Write(folder, [1, 2, 3], [4, 5], [6, 7, 8, 9]);

        var read = Read(Create(), All);

        CollectionAssert.AreEqual(new[] { "6 7 8 9", "4 5", "1 2 3" }, read);
    }

    [TestMethod]
    public void Read_LittleMemory_SkipsWhatDoesNotFit()
    {
        Write(Create(), [1, 2], [3, 4, 5, 6, 7, 8, 9], [4, 5]);

        CollectionAssert.AreEqual(new[] { "4 5", "1 2" }, Read(Create(), 2 * _format.LengthOf(2)));
    }

    [TestMethod]
    public void Write_MoreThanTheLimit_TheLongestUnusedGo()
    {
        var folder = Create(3 * _format.LengthOf(2));
        Write(folder, [1, 1], [2, 2], [3, 3]);
        _time.Advance(TimeSpan.FromMinutes(1));
        folder.Touch([1, 1]);

        // Another start, which knows of the others by their files alone.
        Write(Create(3 * _format.LengthOf(2)), [4, 4]);

        CollectionAssert.AreEqual(new[] { "4 4", "1 1", "3 3" }, Read(Create(), All));
        Assert.IsLessThanOrEqualTo(3 * _format.LengthOf(2), Bytes());
    }

    [TestMethod]
    public void Write_LargerThanTheLimit_IsNotKeptAndTheOthersStay()
    {
        var folder = Create(_format.LengthOf(3));
        Write(folder, [1, 1], [1, 2, 3, 4]);

        CollectionAssert.AreEqual(new[] { "1 1" }, Read(folder, All));
    }

    [TestMethod]
    public void Write_OtherModelsFiles_CountAndGoToo()
    {
        var other = new ConversationFolder(_folder.Path, new PrefixFormat([.. _model.Reverse()], RowBytes), All, _time);
        Write(other, [1, 1], [2, 2]);

        Write(Create(2 * _format.LengthOf(2)), [3, 3]);

        CollectionAssert.AreEqual(new[] { "3 3" }, Read(Create(), All));
        CollectionAssert.AreEqual(new[] { "2 2" }, Read(other, All));
    }

    [TestMethod]
    public void Write_PinnedPromptInTheSameFolder_Stays()
    {
        var pinned = new PrefixFolder(_folder.Path, _format);
        using var rows = Rows([9, 9, 9]);
        pinned.Write(new[] { 9, 9, 9 }, rows);

        Write(Create(_format.LengthOf(2)), [1, 1], [2, 2]);

        using var read = pinned.TryRead([9, 9, 9]);
        Assert.IsNotNull(read);
        CollectionAssert.AreEqual(new[] { "2 2" }, Read(Create(), All));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(13)]
    [DataRow(20)]
    [DataRow(58)]
    [DataRow(100)]
    [DataRow(-1)]
    public void Read_OneByteIsOther_IsRefusedAndDeleted(int place)
    {
        Write(Create(), [1, 2, 3], [4, 5]);
        var path = Create().PathOf([1, 2, 3]);
        var bytes = File.ReadAllBytes(path);
        bytes[place < 0 ? ^1 : place] ^= 0x40;
        File.WriteAllBytes(path, bytes);

        CollectionAssert.AreEqual(new[] { "4 5" }, Read(Create(), All));
        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(10)]
    [DataRow(200)]
    public void Read_FileIsCutOff_IsRefusedAndDeleted(int length)
    {
        Write(Create(), [1, 2, 3]);
        var path = Create().PathOf([1, 2, 3]);
        File.WriteAllBytes(path, File.ReadAllBytes(path)[..length]);

        Assert.IsEmpty(Read(Create(), All));
        Assert.IsFalse(File.Exists(path));
    }

    [TestMethod]
    public void Write_ProcessWasKilledWhileItWrote_ItsRestGoesLater()
    {
        Write(Create(), [1, 1]);
        var left = _folder.PathOf($".{Path.GetFileName(Create().PathOf([2, 2]))}.0123456789abcdef.tmp");
        File.WriteAllBytes(left, [1, 2, 3]);
        File.SetLastWriteTimeUtc(left, _time.GetUtcNow().UtcDateTime);

        Write(Create(), [3, 3]);
        Assert.IsTrue(File.Exists(left), "another process may be writing it");
        _time.Advance(TimeSpan.FromHours(2));
        Write(Create(), [4, 4]);

        Assert.IsFalse(File.Exists(left));
        Assert.HasCount(3, Read(Create(), All));
    }

    [TestMethod]
    public void Read_NoFolder_GivesNothing()
    {
        var folder = new ConversationFolder(Path.Join(_folder.Path, "none"), _format, All, _time);

        Assert.IsEmpty(Read(folder, All));
        folder.Touch([1]);
        folder.Delete([1]);
    }

    [TestMethod]
    public async Task Write_SeveralAtOnceInOneFolder_WhatIsReadIsWhatWasWritten()
    {
        var limit = 8 * _format.LengthOf(4);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(seed => Task.Run(() =>
        {
            var random = new Random(seed);
            var folder = new ConversationFolder(_folder.Path, new PrefixFormat(_model, RowBytes), limit, TimeProvider.System);
            for (var i = 0; i < 60; i++)
            {
                var tokens = Enumerable.Range(0, 2 + random.Next(3)).Select(_ => random.Next(3)).ToArray();
                using var rows = Rows(tokens);
                folder.Write(tokens, rows);
                if (i % 5 == 0) folder.Delete(tokens);
                foreach (var entry in folder.Read(All))
                {
                    using (entry) CheckRows(entry);
                }
            }
        })));

        // Each may have written one that the others had not counted.
        Assert.IsLessThanOrEqualTo(limit + (3 * _format.LengthOf(4)), Bytes());
        Assert.IsFalse(_folder.FileNames.Any(name => name.EndsWith(".tmp", StringComparison.Ordinal)));
    }

    private ConversationFolder Create(long limit = All) => new(_folder.Path, _format, limit, _time);

    private long Bytes() => _folder.FileNames.Sum(name => new FileInfo(_folder.PathOf(name)).Length);

    /// <summary>Each a minute after the one before.</summary>
    private void Write(ConversationFolder folder, params int[][] conversations)
    {
        foreach (var tokens in conversations)
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            using var rows = Rows(tokens);
            folder.Write(tokens, rows);
        }
    }

    private static string[] Read(ConversationFolder folder, long bytes)
    {
        var read = new List<string>();
        foreach (var entry in folder.Read(bytes))
        {
            using (entry)
            {
                CheckRows(entry);
                Assert.IsTrue(entry.IsOnDisk);
                read.Add(string.Join(' ', entry.Tokens.ToArray()));
            }
        }

        return [.. read];
    }

    private static unsafe NativeBuffer Rows(int[] tokens)
    {
        var rows = new NativeBuffer((nuint)(tokens.Length * RowBytes));
        var bytes = new Span<byte>((void*)rows.Address, tokens.Length * RowBytes);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)((i * 7) + tokens[i / RowBytes]);
        return rows;
    }

    private static unsafe void CheckRows(PrefixEntry entry)
    {
        using var expected = Rows(entry.Tokens.ToArray());
        Assert.IsTrue(new ReadOnlySpan<byte>((void*)expected.Address, (int)expected.ByteLength).SequenceEqual(new ReadOnlySpan<byte>((void*)entry.Rows.Address, (int)entry.Rows.ByteLength)));
    }
}
