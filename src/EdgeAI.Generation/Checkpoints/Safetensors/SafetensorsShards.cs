using System.Text.Json.Nodes;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>Opens the safetensors files of a folder: one, or those that an index names.</summary>
internal static class SafetensorsShards
{
    private const string SingleName = "model.safetensors";
    private const string IndexName = "model.safetensors.index.json";

    /// <summary>Opens the files and collects their weights.</summary>
    /// <param name="folder">The model.</param>
    /// <param name="files">Receives each file as it is opened, also where another is refused later.</param>
    /// <exception cref="ModelLoadException">There are none, or they are damaged.</exception>
    public static Dictionary<string, Weight> Open(CheckpointFolder folder, ICollection<FileSource> files)
    {
        // As transformers does: the index counts only where there is no single file.
        if (folder.Contains(SingleName)) return OpenShard(folder, SingleName, files).ToDictionary(weight => weight.Name, Weight (weight) => weight, StringComparer.Ordinal);
        if (folder.Contains(IndexName)) return OpenIndexed(folder, files);
        throw new ModelLoadException($"the folder has no weights: expected {SingleName}, or {IndexName} with the files it names.{Hint(folder)}", folder.Path);
    }

    private static Dictionary<string, Weight> OpenIndexed(CheckpointFolder folder, ICollection<FileSource> files)
    {
        var shardOf = ReadIndex(folder);
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var shard in shardOf.Values.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            foreach (var weight in OpenShard(folder, shard, files))
            {
                if (shardOf.GetValueOrDefault(weight.Name) != shard)
                {
                    throw new ModelLoadException($"'{Shown.Name(shard)}' holds the tensor '{Shown.Name(weight.Name)}', which {IndexName} does not place there; the files are not of one model.", folder.Path);
                }

                weights.Add(weight.Name, weight);
            }
        }

        var missing = shardOf.Keys.FirstOrDefault(name => !weights.ContainsKey(name));
        if (missing is null) return weights;
        throw new ModelLoadException($"'{Shown.Name(shardOf[missing])}' lacks the tensor '{Shown.Name(missing)}', which {IndexName} places there.", folder.Path);
    }

    private static Dictionary<string, string> ReadIndex(CheckpointFolder folder)
    {
        if (folder.ReadObject(IndexName)["weight_map"] is not JsonObject map) throw new ModelLoadException($"{IndexName} has no 'weight_map' with the file of each tensor.", folder.Path);
        var shardOf = new Dictionary<string, string>(map.Count, StringComparer.Ordinal);
        foreach (var (name, shard) in map)
        {
            if (shard is not JsonValue value || !value.TryGetValue<string>(out var file)) throw new ModelLoadException($"{IndexName} places the tensor '{Shown.Name(name)}' in something that is not a file name.", folder.Path);
            shardOf.Add(name, file);
        }

        return shardOf;
    }

    private static IReadOnlyList<FileWeight> OpenShard(CheckpointFolder folder, string name, ICollection<FileSource> files)
    {
        var file = folder.Open(name);
        files.Add(file);
        return SafetensorsHeader.Read(file, name, folder.Path);
    }

    private static string Hint(CheckpointFolder folder)
    {
        var other = Directory.EnumerateFiles(folder.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .FirstOrDefault(name => Path.GetExtension(name) is ".safetensors" or ".bin" or ".pt" or ".pth" or ".gguf");
        return other is null ? "" : $" It holds '{Shown.Name(other)}'; {(other.EndsWith(".gguf", StringComparison.Ordinal) ? "give that file's path instead" : "get the model in Hugging Face's safetensors form")}.";
    }
}
