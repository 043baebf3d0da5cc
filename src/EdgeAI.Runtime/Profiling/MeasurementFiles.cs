using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace EdgeAI.Profiling;

/// <summary>
/// Keeps measurements in a folder from one start to the next, a file each. They can be repeated, so nothing here may stop serving: what cannot be read counts as missing, what cannot be
/// written is left, and either is reported once a file. Thread-safe, and safe with other processes on the same folder.
/// </summary>
/// <typeparam name="TFile">What a file holds.</typeparam>
/// <param name="folder">The folder; made when the first file is written.</param>
/// <param name="mode">Whether it is read and written.</param>
/// <param name="type">How a file is written.</param>
/// <param name="ignored">Told of a file that is not used, and why.</param>
/// <param name="notKept">Told of a file that cannot be written, and why.</param>
internal sealed class MeasurementFiles<TFile>(string folder, MeasurementCache mode, JsonTypeInfo<TFile> type, Action<string, string> ignored, Action<string, string> notKept)
    where TFile : class
{
    private const long LargestBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>The file for a key, whatever that contains.</summary>
    public string PathOf(ReadOnlySpan<byte> key) => Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(key)) + ".json");

    /// <summary>What a file holds; <see langword="null"/> where there is none that can be used.</summary>
    /// <param name="path">The file.</param>
    /// <param name="use">Makes the result, or says why the file is not used. May throw <see cref="ArgumentException"/> for contents that make no sense.</param>
    public T? TryLoad<T>(string path, Func<TFile, (T? Result, string? Problem)> use) where T : class
    {
        if (mode == MeasurementCache.Off) return null;
        try
        {
            if (!File.Exists(path)) return null;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            var (result, problem) = stream.Length > LargestBytes ? (null, "it is too large")
                : JsonSerializer.Deserialize(stream, type) is { } file ? use(file)
                : (null, "it is empty");
            if (problem is not null) Report(path, problem, ignored);
            return result;
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException || IsFileFault(exception))
        {
            Report(path, exception.Message, ignored);
            return null;
        }
    }

    /// <summary>Writes a file in place of an earlier one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="create">What it will hold; not called where nothing is written.</param>
    /// <param name="mostFiles">Beyond so many, those that were written longest ago are removed; <see langword="null"/>: all are kept.</param>
    public void Save(string path, Func<TFile> create, int? mostFiles = null)
    {
        if (mode != MeasurementCache.ReadWrite) return;
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
            Write(path, create());
            if (mostFiles is { } most) Prune(most);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            Report(path, exception.Message, notKept);
        }
    }

    /// <summary>A reader sees the old file or the new one, also after a power cut: renaming is atomic, and comes after the bytes are on the disk.</summary>
    private void Write(string path, TFile file)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, file, type);
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

    /// <summary>Removes the oldest files, what a crash left half-written among them. Other files are not ours.</summary>
    private void Prune(int most)
    {
        var files = new DirectoryInfo(folder).GetFiles().Where(file => file.Extension is ".json" or ".tmp").ToArray();
        if (files.Length <= most) return;
        foreach (var file in files.OrderBy(file => file.LastWriteTimeUtc).Take(files.Length - most)) TryDelete(file.FullName);
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            // Another process holds or removed it, or the folder has become read-only; the next save tries again.
        }
    }

    private static bool IsFileFault(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    private void Report(string path, string reason, Action<string, string> report)
    {
        if (_reported.TryAdd(path, true)) report(path, reason);
    }
}
