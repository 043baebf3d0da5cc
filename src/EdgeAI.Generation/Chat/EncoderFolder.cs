using System.Text.Json;

namespace EdgeAI.Generation;

/// <summary>The folder of an encoder model: where its graph is, and what its files say besides. Reading is bounded; nothing is kept open.</summary>
internal static class EncoderFolder
{
    private const int DefaultMaxTokens = 512;
    private const long MaxFileBytes = 16 << 20;

    private static readonly string[] _graphs = ["model.onnx", "onnx/model.onnx"];

    /// <summary>The graph's file.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public static string GraphOf(string folder) =>
        _graphs.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists)
        ?? throw new ModelLoadException($"There is no {string.Join(" or ", _graphs)} in the folder; an embedding model is an ONNX encoder with its tokenizer.json.", folder);

    /// <summary>The tokenizer.</summary>
    /// <exception cref="ModelLoadException">There is none.</exception>
    public static ITokenizer TokenizerOf(string folder) =>
        TokenizerFiles.TryLoad(folder) ?? throw new ModelLoadException("There is no tokenizer.json in the folder; add it from the model's source.", folder);

    /// <summary>The options with what the folder says where they say nothing.</summary>
    public static (EmbeddingPooling Pooling, int MaxTokens) Complete(string folder, EmbeddingModelOptions options) =>
        (options.Pooling ?? PoolingOf(folder), options.MaxTokens ?? MaxTokensOf(folder));

    private static EmbeddingPooling PoolingOf(string folder)
    {
        using var file = TryRead(Path.Combine(folder, "1_Pooling", "config.json"));
        if (file is null) return EmbeddingPooling.Mean;
        if (IsTrue(file.RootElement, "pooling_mode_cls_token")) return EmbeddingPooling.FirstToken;
        return IsTrue(file.RootElement, "pooling_mode_lasttoken") ? EmbeddingPooling.LastToken : EmbeddingPooling.Mean;
    }

    private static int MaxTokensOf(string folder)
    {
        using var file = TryRead(Path.Combine(folder, "config.json"));
        return file is not null && file.RootElement.TryGetProperty("max_position_embeddings", out var value) && value.TryGetInt32(out var positions) && positions >= 2 ? positions : DefaultMaxTokens;
    }

    private static bool IsTrue(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.True;

    private static JsonDocument? TryRead(string path)
    {
        if (!File.Exists(path)) return null;
        try
        {
            using var stream = File.OpenRead(path);
            if (stream.Length > MaxFileBytes) throw new ModelLoadException($"The file is {stream.Length} bytes long; at most {MaxFileBytes} are read.", path);
            var document = JsonDocument.Parse(stream);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document : throw new JsonException("it is not an object");
        }
        catch (JsonException exception)
        {
            throw new ModelLoadException($"The file is not JSON as expected: {exception.Message}", path, exception);
        }
    }
}
