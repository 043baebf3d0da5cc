namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>The file system.</summary>
internal sealed class FileView : IFileView
{
    private const int ChunkBytes = 1 << 20;

    private FileView()
    {
    }

    public static FileView Instance { get; } = new();

    // What every plugin exports (onnxruntime_ep_c_api.h). A name among a library's exports is in its file as it is, whatever the file's format; loading the
    // library to ask would run its initializers.
    private static ReadOnlySpan<byte> FactoryExport => "CreateEpFactories"u8;

    public bool FileExists(string path) => File.Exists(path);

    public bool FolderExists(string path) => Directory.Exists(path);

    public bool IsPlugin(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
            return Contains(stream, FactoryExport, ChunkBytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return false;
        }
    }

    internal static bool Contains(Stream stream, ReadOnlySpan<byte> text, int chunkBytes)
    {
        var buffer = new byte[chunkBytes + text.Length];
        var kept = 0;
        int read;
        while ((read = stream.Read(buffer, kept, chunkBytes)) > 0)
        {
            var filled = buffer.AsSpan(0, kept + read);
            if (filled.IndexOf(text) >= 0) return true;

            // The end of this chunk may be the beginning of the text.
            kept = Math.Min(text.Length - 1, filled.Length);
            filled[^kept..].CopyTo(buffer);
        }

        return false;
    }
}
