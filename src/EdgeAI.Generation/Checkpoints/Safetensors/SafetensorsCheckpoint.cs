using System.Text.Json.Nodes;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>A model in Hugging Face's form: a folder with <c>config.json</c>, safetensors files and a tokenizer.</summary>
internal sealed class SafetensorsCheckpoint : ICheckpoint
{
    private const string ConfigurationName = "config.json";
    private const string GenerationConfigurationName = "generation_config.json";

    private static readonly string[] _tokenizerFiles =
        ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.model", "vocab.json", "merges.txt", "chat_template.jinja", "chat_template.json"];

    private readonly CheckpointFolder _folder;
    private readonly List<FileSource> _files = [];

    private SafetensorsCheckpoint(CheckpointFolder folder)
    {
        _folder = folder;
        if (!folder.Contains(ConfigurationName)) throw new ModelLoadException("the folder has no config.json, which tells the model's architecture; expected a model in Hugging Face's form.", folder.Path);
        Configuration = folder.ReadObject(ConfigurationName);
        GenerationConfiguration = folder.Contains(GenerationConfigurationName) ? folder.ReadObject(GenerationConfigurationName) : null;
        try
        {
            Weights = SafetensorsShards.Open(folder, _files);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string Location => _folder.Path;

    public JsonObject Configuration { get; }

    public JsonObject? GenerationConfiguration { get; }

    public IReadOnlyDictionary<string, Weight> Weights { get; }

    public bool HasInterleavedRotaryRows => false;

    /// <summary>Opens a folder.</summary>
    /// <exception cref="ModelLoadException">It is not such a model, or is damaged.</exception>
    public static SafetensorsCheckpoint Open(string path) => new(new(path));

    public void WriteTokenizerFiles(string folder)
    {
        foreach (var name in _tokenizerFiles) _folder.CopyIfPresent(name, folder);
    }

    public void Dispose()
    {
        foreach (var file in _files) file.Dispose();
    }
}
