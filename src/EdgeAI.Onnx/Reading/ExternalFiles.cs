namespace EdgeAI.Onnx;

/// <summary>
/// The files beside a model that its tensors refer to. Each is opened once, and only if it is a regular file that really lies
/// under the model's folder or a folder that the host declared. Not thread-safe: used while one model is read.
/// </summary>
internal sealed class ExternalFiles
{
    private readonly string _modelId;
    private readonly string? _folder;
    private readonly Lazy<IReadOnlyList<string>> _allowed;
    private readonly Dictionary<string, OnnxExternalFile> _opened = new(StringComparer.Ordinal);
    private bool _isSealed;

    /// <summary>Prepares for a model.</summary>
    /// <param name="modelId">The model, for messages.</param>
    /// <param name="folder">The model's folder; <see langword="null"/> for a model in memory, which has none.</param>
    /// <param name="roots">Other folders that may hold the files.</param>
    public ExternalFiles(string modelId, string? folder, IReadOnlyList<string> roots)
    {
        _modelId = modelId;
        _folder = folder;
        _allowed = new(() => [.. roots.Prepend(folder!).Select(RealPaths.Resolve).OfType<string>()]);
    }

    /// <summary>The files opened so far, in the order of first mention.</summary>
    public IReadOnlyList<OnnxExternalFile> Opened => [.. _opened.Values];

    /// <summary>Refuses further files: what is read again must not refer to more than was checked.</summary>
    public void Seal() => _isSealed = true;

    /// <summary>The file that a tensor names.</summary>
    /// <exception cref="ModelLoadException">It was refused.</exception>
    public OnnxExternalFile Open(string location, string tensorName)
    {
        if (_opened.TryGetValue(location, out var known)) return known;
        var subject = $"tensor '{tensorName}' has external data in '{location}'";
        if (_isSealed) throw new ModelLoadException($"{subject}, which it had not when the model was checked; do not write to a model's files while it is loaded.", _modelId);
        if (_folder is null) throw new ModelLoadException($"{subject}, but a model in memory has no folder to look in; load it from a file.", _modelId);
        if (FindProblem(location) is { } malformed) throw new ModelLoadException($"{subject}, which {malformed}; expected a path relative to the model's folder and within it.", _modelId);

        var source = RegularFile.Open(Path.Combine(_folder, location), _allowed.Value, out var problem)
            ?? throw new ModelLoadException($"{subject}, which {problem}. Put the file beside the model, or name its folder in ModelOptions.ExternalDataRoots if it is trusted.", _modelId);
        var file = new OnnxExternalFile(location, source, _modelId);
        _opened.Add(location, file);
        return file;
    }

    public void Close()
    {
        foreach (var file in _opened.Values) file.Dispose();
    }

    private static string? FindProblem(string location)
    {
        if (location.Contains('\0')) return "contains a zero character";
        if (Path.IsPathRooted(location) || (location.Length > 1 && location[1] == ':') || location.StartsWith('\\')) return "is an absolute path";
        if (location.Split('/', '\\').Contains("..")) return "leads out of the folder";

        // ONNX Runtime takes such a location for an address in its own memory, with the offset as the address.
        return location.Contains("_ORT_", StringComparison.OrdinalIgnoreCase) && location.Contains("MEM_ADDR", StringComparison.OrdinalIgnoreCase)
            ? "is a marker that ONNX Runtime uses for memory addresses"
            : null;
    }
}
