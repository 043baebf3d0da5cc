using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace EdgeAI.Profiling;

/// <summary>Keeps sweep results from one start to the next. Thread-safe, and safe with other processes on the same folder.</summary>
internal sealed partial class CurveStore(string folder, MeasurementCache mode, ILogger logger)
{
    /// <summary>The most files that are kept.</summary>
    public const int MostFiles = 1000;

    private readonly MeasurementFiles<CurveFile> _files = new(
        folder, mode, CurveFileContext.Default.CurveFile, (path, reason) => Ignored(logger, path, reason), (path, reason) => NotKept(logger, path, reason));

    /// <summary>The result for exactly this key; <see langword="null"/> when there is none that can be used.</summary>
    public SweepResult? TryLoad(CurveKey key) => _files.TryLoad<SweepResult>(PathOf(key), file =>
        file.Format != CurveFile.CurrentFormat ? (null, "another version of the engine wrote it")
        : file.Key == key ? (file.ToResult(), null)
        : (null, "it belongs to another measurement"));

    /// <summary>Keeps a result in place of an earlier one with this key.</summary>
    public void Save(CurveKey key, SweepResult result) => _files.Save(PathOf(key), () => CurveFile.From(key, result), MostFiles);

    /// <summary>The file of a key, whatever its parts contain.</summary>
    internal string PathOf(CurveKey key) => _files.PathOf(JsonSerializer.SerializeToUtf8Bytes(key, CurveFileContext.Default.CurveKey));

    [LoggerMessage(40, LogLevel.Warning, "The measurements in {Path} are ignored and will be made again: {Reason}")]
    private static partial void Ignored(ILogger logger, string path, string reason);

    [LoggerMessage(41, LogLevel.Warning, "Measurements cannot be kept in {Path}, so the next start makes them again: {Reason}")]
    private static partial void NotKept(ILogger logger, string path, string reason);
}
