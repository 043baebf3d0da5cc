using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Evaluation;

/// <summary>
/// Keeps profiles in a folder from one start to the next, a file each, with the care that measurements of models get: what cannot be read counts as missing,
/// what cannot be written is left, and either is logged once a file. Thread-safe, and safe with other processes on the same folder.
/// </summary>
internal sealed partial class ProfileStore(string folder, MeasurementCache mode, ILogger logger)
{
    private const long LargestBytes = 1 << 20;
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly ConcurrentDictionary<string, bool> _reported = new(StringComparer.Ordinal);

    /// <summary>The profile for exactly this key; <see langword="null"/> when there is none that can be used.</summary>
    public DeviceProfile? TryLoad(ProfileKey key)
    {
        if (mode == MeasurementCache.Off) return null;
        var path = PathOf(key);
        try
        {
            if (!File.Exists(path)) return null;
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (stream.Length > LargestBytes) return Ignore(path, "it is too large");
            var file = JsonSerializer.Deserialize(stream, ProfileFileContext.Default.ProfileFile);
            if (file is null) return Ignore(path, "it is empty");
            if (file.Format != ProfileFile.CurrentFormat) return Ignore(path, "another version of the engine wrote it");
            return file.Key == key ? file.ToProfile() : Ignore(path, "it belongs to another device");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException || IsFileFault(exception))
        {
            return Ignore(path, exception.Message);
        }
    }

    /// <summary>Keeps a profile in place of an earlier one of the device.</summary>
    public void Save(ProfileKey key, DeviceProfile profile)
    {
        if (mode != MeasurementCache.ReadWrite) return;
        var path = PathOf(key);
        try
        {
            if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
            else Directory.CreateDirectory(folder, OwnerOnly);
            Write(path, new ProfileFile(ProfileFile.CurrentFormat, key, profile));
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            if (_reported.TryAdd(path, true)) NotKept(logger, path, exception.Message);
        }
    }

    /// <summary>The file of a device, whatever its name contains. Other versions of its software take the place of these: nothing piles up.</summary>
    internal string PathOf(ProfileKey key) =>
        Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(key.Device, ProfileFileContext.Default.String))) + ".json");

    /// <summary>A reader sees the old file or the new one, also after a power cut: renaming is atomic, and comes after the bytes are on the disk.</summary>
    private static void Write(string path, ProfileFile file)
    {
        var temporary = $"{path}.{Path.GetRandomFileName()}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                JsonSerializer.Serialize(stream, file, ProfileFileContext.Default.ProfileFile);
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

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception exception) when (IsFileFault(exception))
        {
            // It stays as litter: another process holds it, or the folder has become read-only.
        }
    }

    private static bool IsFileFault(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException or System.Security.SecurityException;

    private DeviceProfile? Ignore(string path, string reason)
    {
        if (_reported.TryAdd(path, true)) Ignored(logger, path, reason);
        return null;
    }

    [LoggerMessage(50, LogLevel.Warning, "The device profile in {Path} is ignored and will be measured again: {Reason}")]
    private static partial void Ignored(ILogger logger, string path, string reason);

    [LoggerMessage(51, LogLevel.Warning, "The device profile cannot be kept in {Path}, so the next start has none: {Reason}")]
    private static partial void NotKept(ILogger logger, string path, string reason);
}
