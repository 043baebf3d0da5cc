namespace EdgeAI.Onnx;

/// <summary>
/// A file that appears under its name only when it is complete and on the disk: written beside its place under a temporary
/// name, which disappears again if anything fails.
/// </summary>
internal sealed class NewFile : IDisposable
{
    private const int BufferLength = 256 * 1024;

    private readonly string _path;
    private readonly string _temporary;
    private bool _isInPlace;

    public NewFile(string path)
    {
        _path = path;
        _temporary = Path.Combine(Path.GetDirectoryName(path)!, $".{Path.GetFileName(path)}.{Guid.NewGuid():N}.tmp");
    }

    /// <summary>Whether nobody but its owner may read it; without effect on Windows, where the folder decides.</summary>
    public bool IsPrivate { get; init; }

    /// <summary>Writes the content and forces it to the disk.</summary>
    public void Write(Action<Stream> copyTo)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None, BufferSize = BufferLength };
        if (IsPrivate && !OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using var stream = new FileStream(_temporary, options);
        copyTo(stream);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>Gives the file its name, in place of an earlier one.</summary>
    public void MoveIntoPlace()
    {
        File.Move(_temporary, _path, overwrite: true);
        _isInPlace = true;
    }

    public void Dispose()
    {
        if (!_isInPlace) File.Delete(_temporary);
    }
}
