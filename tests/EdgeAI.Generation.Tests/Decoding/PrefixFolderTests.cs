namespace EdgeAI.Generation.Tests;

[TestClass]
public sealed unsafe class PrefixFolderTests
{
    private const int RowBytes = 700_000;
    private static readonly int[] _tokens = [1, 5, 9];
    private static readonly byte[] _model = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    [TestMethod]
    public void TryRead_WhatWasWritten_GivesTheSameRows()
    {
        using var temporary = new TemporaryFolder();
        using var rows = Rows();
        var folder = Folder(temporary.PathOf("cache"));

        folder.Write(_tokens, rows);
        using var read = folder.TryRead(_tokens);

        Assert.IsTrue(Bytes(rows).SequenceEqual(Bytes(read!)));
        Assert.HasCount(1, temporary.FileNames);
    }

    [TestMethod]
    public void TryRead_OtherModelPromptOrRow_FindsNothing()
    {
        using var temporary = new TemporaryFolder();
        using var rows = Rows();
        Folder(temporary.Path).Write(_tokens, rows);

        Assert.IsNull(Folder(temporary.Path, [.. _model.Reverse()]).TryRead(_tokens));
        Assert.IsNull(Folder(temporary.Path, rowBytes: RowBytes - 4).TryRead(_tokens));
        Assert.IsNull(Folder(temporary.Path).TryRead([1, 5, 8]));
        Assert.HasCount(1, temporary.FileNames);
    }

    [TestMethod]
    [DataRow(0)]
    [DataRow(30)]
    [DataRow(61)]
    [DataRow(1_500_000)]
    [DataRow(-1)]
    public void TryRead_OneByteIsOther_IsIgnoredAndDeleted(int place)
    {
        using var temporary = new TemporaryFolder();
        using var rows = Rows();
        var folder = Folder(temporary.Path);
        folder.Write(_tokens, rows);
        var file = temporary.PathOf(temporary.FileNames.Single());
        var bytes = File.ReadAllBytes(file);
        bytes[place < 0 ? ^1 : place] ^= 1;
        File.WriteAllBytes(file, bytes);

        Assert.IsNull(folder.TryRead(_tokens));
        Assert.IsFalse(File.Exists(file));
    }

    [TestMethod]
    public void TryRead_FileIsCutOff_IsIgnoredAndDeleted()
    {
        using var temporary = new TemporaryFolder();
        using var rows = Rows();
        var folder = Folder(temporary.Path);
        folder.Write(_tokens, rows);
        var file = temporary.PathOf(temporary.FileNames.Single());
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..^40]);

        Assert.IsNull(folder.TryRead(_tokens));
        Assert.IsFalse(File.Exists(file));
    }

    [TestMethod]
    public void Write_File_IsForItsOwnerAlone()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Inconclusive("Windows has no such modes.");
            return;
        }

        using var temporary = new TemporaryFolder();
        using var rows = Rows();

        Folder(temporary.Path).Write(_tokens, rows);

        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(temporary.PathOf(temporary.FileNames.Single())));
    }

    private static PrefixFolder Folder(string path, byte[]? model = null, long rowBytes = RowBytes) => new(path, new PrefixFormat(model ?? _model, rowBytes));

    private static NativeBuffer Rows()
    {
        var rows = new NativeBuffer(3 * RowBytes);
        var bytes = new Span<byte>((void*)rows.Address, 3 * RowBytes);
        for (var i = 0; i < bytes.Length; i++) bytes[i] = (byte)(i * 31 >> 3);
        return rows;
    }

    private static ReadOnlySpan<byte> Bytes(DeviceBuffer buffer) => new((void*)buffer.Address, (int)buffer.ByteLength);
}
