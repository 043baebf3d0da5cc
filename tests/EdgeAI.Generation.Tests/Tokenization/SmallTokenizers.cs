using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Tokenization;

/// <summary>Tokenizers small enough to be checked by hand.</summary>
internal static class SmallTokenizers
{
    public const string Gpt2Pattern = @"'s|'t| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+";

    /// <summary>All 256 bytes, and a few merges.</summary>
    public static JsonObject ByteLevel(params string[] merges)
    {
        var vocabulary = new JsonObject();
        for (var value = 0; value < 256; value++) vocabulary[ByteAlphabet.CharacterOf((byte)value).ToString()] = value;
        foreach (var merge in merges) vocabulary[merge.Replace(" ", "", StringComparison.Ordinal)] = vocabulary.Count;
        return new JsonObject
        {
            ["normalizer"] = null,
            ["pre_tokenizer"] = new JsonObject { ["type"] = "ByteLevel", ["add_prefix_space"] = false },
            ["decoder"] = new JsonObject { ["type"] = "ByteLevel" },
            ["model"] = new JsonObject { ["type"] = "BPE", ["vocab"] = vocabulary, ["merges"] = new JsonArray([.. merges.Select(merge => JsonValue.Create(merge))]) },
        };
    }

    /// <summary>SentencePiece's way: visible spaces, bytes for what is unknown.</summary>
    public static JsonObject SentencePiece()
    {
        var vocabulary = new JsonObject { ["<unk>"] = 0, ["<s>"] = 1, ["</s>"] = 2 };
        for (var value = 0; value < 256; value++) vocabulary[$"<0x{value:X2}>"] = 3 + value;
        foreach (var token in (string[])["\u2581", "a", "b", "ab", "\u2581ab"]) vocabulary[token] = vocabulary.Count;
        return (JsonObject)JsonNode.Parse(
            """
            {
              "added_tokens": [{ "id": 1, "content": "<s>", "special": true, "normalized": false }, { "id": 2, "content": "</s>", "special": true, "normalized": false }],
              "normalizer": { "type": "Sequence", "normalizers": [{ "type": "Prepend", "prepend": "▁" }, { "type": "Replace", "pattern": { "String": " " }, "content": "▁" }] },
              "pre_tokenizer": null,
              "post_processor": { "type": "TemplateProcessing", "single": [{ "SpecialToken": { "id": "<s>", "type_id": 0 } }, { "Sequence": { "id": "A", "type_id": 0 } }], "special_tokens": { "<s>": { "id": "<s>", "ids": [1] } } },
              "decoder": { "type": "Sequence", "decoders": [{ "type": "Replace", "pattern": { "String": "▁" }, "content": " " }, { "type": "ByteFallback" }, { "type": "Fuse" }, { "type": "Strip", "content": " ", "start": 1, "stop": 0 }] },
              "model": { "type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true, "merges": ["a b", "▁ ab"] }
            }
            """)!.WithVocabulary(vocabulary);
    }

    public static JsonObject Unigram() => (JsonObject)JsonNode.Parse(
        """
        {
          "pre_tokenizer": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always" },
          "decoder": { "type": "Metaspace", "replacement": "▁", "prepend_scheme": "always" },
          "model": { "type": "Unigram", "unk_id": 0, "vocab": [["<unk>", 0], ["▁", -2], ["a", -3], ["b", -3], ["ab", -4], ["▁ab", -4.5], ["abab", -5], ["▁a", -9]] }
        }
        """)!;

    public static ITokenizer Load(JsonObject tokenizer, string? config = null)
    {
        using var folder = new TemporaryFolder().With("tokenizer.json", tokenizer.ToJsonString());
        if (config is not null) folder.With("tokenizer_config.json", config);
        return TokenizerFiles.TryLoad(folder.Path)!;
    }

    private static JsonObject WithVocabulary(this JsonNode tokenizer, JsonObject vocabulary)
    {
        tokenizer["model"]!["vocab"] = vocabulary;
        return tokenizer.AsObject();
    }
}
