namespace EdgeAI.Generation;

/// <summary>
/// Keeps rows of conversations on disk from one start to the next, a file each, named by model and content. All models' files together stay within a number of bytes: those that were used the
/// longest ago go, by the time that their files bear, so that it holds across starts and processes. Files that are gone, damaged or of others are no error. For one thread.
/// </summary>
/// <param name="folder">Made when something is first kept.</param>
/// <param name="format">Of the files, with the model.</param>
/// <param name="limit">Bytes of all files.</param>
/// <param name="timeProvider">When they are used.</param>
internal sealed class ConversationFolder(string folder, PrefixFormat format, long limit, TimeProvider timeProvider)
{
    private const string Extension = ".edgeaichat";

    // A file under another name that is older than this was left by a process that was killed.
    private static readonly TimeSpan _longestWrite = TimeSpan.FromHours(1);

    /// <summary>Reads this model's conversations, those used last first; deletes what is damaged.</summary>
    /// <param name="bytes">Bytes of files to read at most.</param>
    public IEnumerable<PrefixEntry> Read(long bytes)
    {
        foreach (var file in Files().Where(file => file.Name.StartsWith(format.ModelName, StringComparison.Ordinal)))
        {
            if (file.Length > bytes || PrefixFolder.TryRead(file.FullName, format, expected: []) is not { } read) continue;
            bytes -= file.Length;
            yield return new PrefixEntry(read.Tokens, read.Rows, isPinned: false) { IsOnDisk = true };
        }
    }

    /// <summary>Keeps rows, in place of others that were used longer ago, if they do not exceed what may be kept.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Write(ReadOnlyMemory<int> tokens, DeviceBuffer rows)
    {
        var (path, length) = (PathOf(tokens.Span), format.LengthOf(tokens.Length));
        if (length > limit) return;
        if (!File.Exists(path))
        {
            Trim(limit - length);
            PrefixFolder.Write(path, format, tokens, rows);
        }

        Touch(tokens.Span);
    }

    /// <summary>Notes that a conversation was used.</summary>
    public void Touch(ReadOnlySpan<int> tokens)
    {
        try
        {
            File.SetLastWriteTimeUtc(PathOf(tokens), timeProvider.GetUtcNow().UtcDateTime);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is gone, or only looks older than it is.
        }
    }

    public void Delete(ReadOnlySpan<int> tokens) => Delete(PathOf(tokens));

    internal string PathOf(ReadOnlySpan<int> tokens) => Path.Join(folder, $"{format.ModelName}-{format.NameOf(tokens)}{Extension}");

    /// <summary>Deletes what was used the longest ago, until the rest has so many bytes.</summary>
    private void Trim(long bytes)
    {
        foreach (var file in Files())
        {
            bytes -= file.Length;
            if (bytes < 0) Delete(file.FullName);
        }

        foreach (var left in Find($".*{Extension}.*.tmp"))
        {
            if (timeProvider.GetUtcNow().UtcDateTime - left.Used > _longestWrite) Delete(left.FullName);
        }
    }

    private IEnumerable<(string FullName, string Name, long Length, DateTime Used)> Files() =>
        Find($"*{Extension}").OrderByDescending(file => file.Used).ThenBy(file => file.Name, StringComparer.Ordinal);

    private List<(string FullName, string Name, long Length, DateTime Used)> Find(string pattern)
    {
        var found = new List<(string FullName, string Name, long Length, DateTime Used)>();
        try
        {
            foreach (var file in new DirectoryInfo(folder).EnumerateFiles(pattern))
            {
                // Another process may delete it meanwhile.
                if (file.Exists) found.Add((file.FullName, file.Name, file.Length, file.LastWriteTimeUtc));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no such folder yet, or it cannot be looked into.
        }

        return found;
    }

    private static void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another process has it open, or it may not be deleted here.
        }
    }
}
