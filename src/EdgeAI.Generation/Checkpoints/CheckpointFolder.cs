using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>A model's folder: opens only regular files that really lie in it. Thread-safe.</summary>
internal sealed class CheckpointFolder
{
    // The largest published are tokenizers of some 30 MB.
    private const int MaxJsonBytes = 256 << 20;

    private static readonly JsonDocumentOptions _strict = new() { AllowDuplicateProperties = false };

    private readonly string[] _allowed;

    /// <summary>Finds the folder.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public CheckpointFolder(string path)
    {
        Path = path;
        var real = Directory.Exists(path) ? RealPaths.Resolve(path) : null;
        if (real is null) throw new ModelLoadException("there is no such folder. Give a folder with config.json and *.safetensors, a .gguf file, or synthetic:NAME.", path);
        _allowed = HubBlobs(real) is { } blobs ? [real, blobs] : [real];
    }

    public string Path { get; }

    public bool Contains(string name) => File.Exists(System.IO.Path.Combine(Path, name));

    /// <summary>Opens a file of the folder.</summary>
    /// <param name="name">Relative to the folder, perhaps from an untrusted file.</param>
    /// <exception cref="ModelLoadException">It is missing, is not a regular file, or lies elsewhere.</exception>
    public FileSource Open(string name)
    {
        if (FindProblem(name) is { } malformed) throw new ModelLoadException($"the file name '{Shown.Name(name)}' {malformed}; expected a path relative to the model's folder and within it.", Path);
        return RegularFile.Open(System.IO.Path.Combine(Path, name), _allowed, out var problem) ?? throw new ModelLoadException($"the file '{Shown.Name(name)}' {problem}.", Path);
    }

    /// <summary>Reads a JSON object.</summary>
    /// <exception cref="ModelLoadException">It cannot be opened or is not one.</exception>
    public JsonObject ReadObject(string name)
    {
        using var file = Open(name);
        if (file.Length > MaxJsonBytes) throw new ModelLoadException($"'{name}' has {file.Length} bytes; at most {MaxJsonBytes} are read.", Path);
        var bytes = new byte[file.Length];
        var read = file.Read(0, bytes);
        var text = bytes.AsSpan(0, read);
        if (text.StartsWith("\uFEFF"u8)) text = text[3..];
        try
        {
            return JsonNode.Parse(text, documentOptions: _strict) as JsonObject ?? throw new ModelLoadException($"'{name}' is not a JSON object.", Path);
        }
        catch (JsonException error)
        {
            throw new ModelLoadException($"'{name}' is not valid JSON: {error.Message}", Path, error);
        }
    }

    /// <summary>Copies a file of the folder into another, where there is such a file.</summary>
    public void CopyIfPresent(string name, string folder)
    {
        if (!Contains(name)) return;
        using var source = Open(name);
        using var destination = File.Create(System.IO.Path.Combine(folder, name));
        source.CopyTo(0, source.Length, destination);
    }

    /// <summary>Hugging Face's download cache keeps <c>REPOSITORY/snapshots/REVISION</c> with links into <c>REPOSITORY/blobs</c>.</summary>
    private static string? HubBlobs(string real)
    {
        var snapshots = Directory.GetParent(real);
        if (snapshots is not { Name: "snapshots", Parent: { } repository }) return null;
        return RealPaths.Resolve(System.IO.Path.Combine(repository.FullName, "blobs")) is { } blobs && RealPaths.IsUnder(blobs, repository.FullName) ? blobs : null;
    }

    private static string? FindProblem(string name)
    {
        if (name.Length == 0) return "is empty";
        if (name.Contains('\0')) return "contains a zero character";
        if (System.IO.Path.IsPathRooted(name) || (name.Length > 1 && name[1] == ':') || name.StartsWith('\\')) return "is an absolute path";
        return name.Split('/', '\\').Contains("..") ? "leads out of the folder" : null;
    }
}
