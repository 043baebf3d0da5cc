using System.Text.Json;
using EdgeAI.Profiling;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Evaluation;

/// <summary>Keeps device profiles from one start to the next. Thread-safe, and safe with other processes on the same folder.</summary>
internal sealed partial class ProfileStore(string folder, MeasurementCache mode, ILogger logger)
{
    private readonly MeasurementFiles<ProfileFile> _files = new(
        folder, mode, ProfileFileContext.Default.ProfileFile, (path, reason) => Ignored(logger, path, reason), (path, reason) => NotKept(logger, path, reason));

    /// <summary>The profile for exactly this key; <see langword="null"/> when there is none that can be used.</summary>
    public DeviceProfile? TryLoad(ProfileKey key) => _files.TryLoad<DeviceProfile>(PathOf(key), file =>
        file.Format != ProfileFile.CurrentFormat ? (null, "another version of the engine wrote it")
        : file.Key == key ? (file.ToProfile(), null)
        : (null, "it belongs to another device"));

    /// <summary>Keeps a profile in place of an earlier one of the device.</summary>
    public void Save(ProfileKey key, DeviceProfile profile) => _files.Save(PathOf(key), () => new ProfileFile(ProfileFile.CurrentFormat, key, profile));

    /// <summary>The file of a device, whatever its name contains. Other versions of its software take the place of these: nothing piles up.</summary>
    internal string PathOf(ProfileKey key) => _files.PathOf(JsonSerializer.SerializeToUtf8Bytes(key.Device, ProfileFileContext.Default.String));

    [LoggerMessage(50, LogLevel.Warning, "The device profile in {Path} is ignored and will be measured again: {Reason}")]
    private static partial void Ignored(ILogger logger, string path, string reason);

    [LoggerMessage(51, LogLevel.Warning, "The device profile cannot be kept in {Path}, so the next start has none: {Reason}")]
    private static partial void NotKept(ILogger logger, string path, string reason);
}
