using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Profiling;

/// <summary>
/// Keeps sweep results in a folder from one start to the next, a file each. Measurements can be repeated, so nothing here may stop serving: what cannot be
/// read counts as missing, what cannot be written is left, and either is logged once a file. Thread-safe, and safe with other processes on the same folder.
/// </summary>
internal sealed partial class CurveStore(string folder, MeasurementCache mode, ILogger logger)
{
    /// <summary>The most files that are kept.</summary>
    public const int MostFiles = 1000;

    private const long LargestBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>The result for exactly this key; <see langword="null"/> when there is none that can be used.</summary>
    public SweepResult? TryLoad(CurveKey key)
    {
        if (mode == MeasurementCache.Off) return null;
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path)) return null;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > LargestBytes) return Ignore(path, "it is too large");
            var file = JsonSerializer.Deserialize(stream, CurveFileContext.Default.CurveFile);
            if (file is null) return Ignore(path, "it is empty");
            if (file.Format != CurveFile.CurrentFormat) return Ignore(path, "another version of the engine wrote it");
            return file.Key == key ? file.ToResult() : Ignore(path, "it belongs to another measurement");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException || IsFileFault(exception))
        {
            return Ignore(path, exception.Message);
        }
    }

    /// <summary>Keeps a result in place of an earlier one with this key.</summary>
    public void Save(CurveKey key, SweepResult result)
    {
        if (mode != MeasurementCache.ReadWrite) return;
        var path = PathOf(key);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
            Write(path, CurveFile.From(key, result));
            Prune();
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            if (_reported.TryAdd(path, true)) NotKept(logger, path, exception.Message);
        }
    }

    /// <summary>The file of a key, whatever its parts contain.</summary>
    internal string PathOf(CurveKey key)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(key, CurveFileContext.Default.CurveKey);
        return Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(bytes)) + ".json");
    }

    /// <summary>A reader sees the old file or the new one, also after a power cut: renaming is atomic, and comes after the bytes are on the disk.</summary>
    private static void Write(string path, CurveFile file)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, file, CurveFileContext.Default.CurveFile);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            TryDelete(temporary);
            throw;
        }
    }

    /// <summary>Removes the files that were written longest ago, what a crash left half-written among them. Other files are not ours.</summary>
    private void Prune()
    {
        var files = new DirectoryInfo(folder).GetFiles().Where(file => file.Extension is ".json" or ".tmp").ToArray();
        if (files.Length <= MostFiles) return;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).Take(files.Length - MostFiles)) TryDelete(file.FullName);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            // Another process holds or removed it; the next save tries again.
        }
    }

    private static bool IsFileFault(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    private SweepResult? Ignore(string path, string reason)
    {
        if (_reported.TryAdd(path, true)) Ignored(logger, path, reason);
        return null;
    }

    [LoggerMessage(40, LogLevel.Warning, "The measurements in {Path} are ignored and will be made again: {Reason}")]
    private static partial void Ignored(ILogger logger, string path, string reason);

    [LoggerMessage(41, LogLevel.Warning, "Measurements cannot be kept in {Path}, so the next start makes them again: {Reason}")]
    private static partial void NotKept(ILogger logger, string path, string reason);
}
