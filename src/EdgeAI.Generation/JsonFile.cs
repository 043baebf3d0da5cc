using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>A JSON file of a model's folder, kept in memory while it is read.</summary>
internal sealed class JsonFile : IDisposable
{
    // The largest vocabularies that models ship take 35 MB; what is far larger is no vocabulary.
    private const long MaxBytes = 256L << 20;

    private readonly JsonDocument _document;
    private readonly string _path;

    private JsonFile(JsonDocument document, string path)
    {
        _document = document;
        _path = path;
    }

    public CheckedJson Root => new(_document.RootElement, _path);

    /// <summary>Opens a file; <see langword="null"/> where there is none.</summary>
    /// <exception cref="ModelLoadException">The file is too large, cannot be read, or is not JSON.</exception>
    public static JsonFile? TryOpen(string path)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists) return null;
            if (file.Length > MaxBytes) throw new ModelLoadException($"the file has {file.Length} bytes, more than the {MaxBytes} that are read.", path);
            return new JsonFile(JsonDocument.Parse(File.ReadAllBytes(path).AsMemory(), new JsonDocumentOptions { MaxDepth = 64 }), path);
        }
        catch (JsonException exception)
        {
            throw new ModelLoadException($"not a JSON file: {exception.Message}", path, exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelLoadException($"the file cannot be read: {exception.Message}", path, exception);
        }
    }

    public void Dispose() => _document.Dispose();
}
