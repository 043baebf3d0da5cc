using System.Globalization;
using System.Text.Json.Nodes;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>A model in llama.cpp's form: one GGUF file, or several parts of one.</summary>
internal sealed class GgufCheckpoint : ICheckpoint
{
    private readonly List<FileSource> _files = [];
    private readonly GgufMetadata _metadata;

    private GgufCheckpoint(string path)
    {
        Location = path;
        try
        {
            var head = Read(path);
            _metadata = head.Metadata;
            var tensors = new List<FileWeight>(head.Tensors);
            foreach (var part in OtherParts()) tensors.AddRange(Read(part).Tensors);

            var architecture = GgufArchitecture.Of(_metadata, path);
            Weights = GgufTensors.Translate(tensors, architecture, path);
            Configuration = new GgufConfiguration(_metadata, architecture, Weights, new(_metadata, architecture, tensors, path), path).ToJson();
            HasInterleavedRotaryRows = architecture.InterleavesRotaryRows;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Location { get; }

    public JsonObject Configuration { get; }

    public IReadOnlyDictionary<string, Weight> Weights { get; }

    public bool HasInterleavedRotaryRows { get; }

    /// <summary>Opens a file, and the other parts where it is the first of several.</summary>
    /// <exception cref="ModelLoadException">It is not such a model, or is damaged.</exception>
    public static GgufCheckpoint Open(string path) => new(path);

    public void WriteTokenizerFiles(string folder)
    {
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }

    private GgufHead Read(string path)
    {
        var file = RegularFile.Open(path, realFolders: null, out var problem) ?? throw new ModelLoadException($"the file {problem}.", path);
        _files.Add(file);
        return GgufHead.Read(file, path);
    }

    /// <summary>The names of the parts after the first, <c>NAME-00001-of-00003.gguf</c>.</summary>
    private IEnumerable<string> OtherParts()
    {
        var count = _metadata.FindCount("split.count") ?? 1;
        if (count <= 1) yield break;
        var ending = string.Create(CultureInfo.InvariantCulture, $"-00001-of-{count:D5}.gguf");
        if (!Location.EndsWith(ending, StringComparison.OrdinalIgnoreCase)) throw new ModelLoadException($"the file is one of {count} parts; give the first, whose name ends with '{ending}'.", Location);
        for (var part = 2; part <= count; part++) yield return string.Create(CultureInfo.InvariantCulture, $"{Location.AsSpan(0, Location.Length - ending.Length)}-{part:D5}-of-{count:D5}.gguf");
    }
}
