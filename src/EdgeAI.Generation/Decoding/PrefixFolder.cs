using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Keeps rows of prompts on disk, a file each, named by model, prompt and format. A file is written under another name, flushed and renamed, so that there is none that is half written;
/// one that is damaged all the same is deleted and counts as missing. Several processes may use a folder.
/// </summary>
/// <param name="folder">Made when something is first kept.</param>
/// <param name="format">Of the files, with the model.</param>
internal sealed class PrefixFolder(string folder, PrefixFormat format)
{
    /// <summary>The rows of a prompt; <see langword="null"/> where there are none, or the file is damaged or cannot be read.</summary>
    public DeviceBuffer? TryRead(ReadOnlySpan<int> tokens) => TryRead(PathOf(tokens), format, tokens)?.Rows;

    /// <summary>Keeps the rows of a prompt.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Write(ReadOnlyMemory<int> tokens, DeviceBuffer rows) => Write(PathOf(tokens.Span), format, tokens, rows);

    /// <summary>Reads a file; deletes one that is damaged.</summary>
    /// <param name="path">The file, which need not exist.</param>
    /// <param name="format">Its format.</param>
    /// <param name="expected">The tokens that it must hold; empty for any.</param>
    /// <returns><see langword="null"/> where there is none, or the file is damaged or cannot be read.</returns>
    public static (int[] Tokens, NativeBuffer Rows)? TryRead(string path, PrefixFormat format, ReadOnlySpan<int> expected)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
            {
                if (format.Read(stream, expected) is { } read) return read;
            }

            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is computed instead.
        }

        return null;
    }

    /// <summary>Writes a file, which its owner alone can read: it holds what was said.</summary>
    public static void Write(string path, PrefixFormat format, ReadOnlyMemory<int> tokens, DeviceBuffer rows)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        using var file = new NewFile(path) { IsPrivate = true };
        file.Write(stream => format.Write(stream, tokens.Span, rows));
        file.MoveIntoPlace();
    }

    internal string PathOf(ReadOnlySpan<int> tokens) => Path.Join(folder, $"{format.NameOf(tokens)}.edgeaikv");
}
