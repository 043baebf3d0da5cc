using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>
/// A folder that appears under its name only when it is complete: written beside its place under a temporary name, which disappears again if anything fails.
/// It replaces an earlier build, but nothing else.
/// </summary>
internal sealed class OutputFolder : IDisposable
{
    /// <summary>Marks a folder as a build, and lists its files.</summary>
    public const string MarkerName = "edgeai_build.json";

    private readonly string _place;
    private bool _isInPlace;

    private OutputFolder(string place)
    {
        _place = place;
        TemporaryPath = $"{place}.{Guid.NewGuid():N}.tmp";
        Directory.CreateDirectory(TemporaryPath);
    }

    /// <summary>Where to write until the folder is complete.</summary>
    public string TemporaryPath { get; }

    /// <summary>Begins a folder; those that it lies in are created.</summary>
    /// <exception cref="IOException">Something else than an earlier build is there, or the folder cannot be created.</exception>
    public static OutputFolder Begin(string path)
    {
        var place = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (File.Exists(place)) throw new IOException($"'{place}' is a file; give a folder.");
        if (FindForeign(place) is { } foreign) throw new IOException($"'{place}' is not empty and not a model that was built here alone: it holds '{foreign}'. Give another folder, or remove it.");
        return new OutputFolder(place);
    }

    /// <summary>Gives the folder its name, in place of an earlier build.</summary>
    /// <param name="facts">What to note about the build.</param>
    public void Complete(JsonObject facts)
    {
        facts["files"] = new JsonArray([.. Directory.EnumerateFiles(TemporaryPath).Select(file => (JsonNode)Path.GetFileName(file)).OrderBy(name => name.GetValue<string>(), StringComparer.Ordinal)]);
        using (var stream = File.Create(Path.Combine(TemporaryPath, MarkerName)))
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
        {
            facts.WriteTo(writer);
        }

        if (Directory.Exists(_place))
        {
            var earlier = $"{_place}.{Guid.NewGuid():N}.tmp";
            Directory.Move(_place, earlier);
            try
            {
                Directory.Move(TemporaryPath, _place);
            }
            catch
            {
                Directory.Move(earlier, _place);
                throw;
            }

            _isInPlace = true;
            Directory.Delete(earlier, recursive: true);
        }
        else
        {
            Directory.Move(TemporaryPath, _place);
            _isInPlace = true;
        }
    }

    public void Dispose()
    {
        if (!_isInPlace && Directory.Exists(TemporaryPath)) Directory.Delete(TemporaryPath, recursive: true);
    }

    /// <summary>A file or folder that no build of ours put there; <see langword="null"/> where there is none.</summary>
    private static string? FindForeign(string place)
    {
        if (!Directory.Exists(place)) return null;
        var names = Directory.EnumerateFileSystemEntries(place).Select(entry => Path.GetFileName(entry)!).ToArray();
        var own = ReadFiles(Path.Combine(place, MarkerName));
        return names.FirstOrDefault(name => !own.Contains(name));
    }

    private static HashSet<string> ReadFiles(string marker)
    {
        try
        {
            if (File.Exists(marker) && JsonNode.Parse(File.ReadAllBytes(marker)) is JsonObject facts && facts["files"] is JsonArray files)
            {
                return [MarkerName, .. files.OfType<JsonValue>().Select(file => file.TryGetValue(out string? name) ? name : "")];
            }
        }
        catch (JsonException)
        {
            // Somebody else's file by our name.
        }

        return [];
    }
}
