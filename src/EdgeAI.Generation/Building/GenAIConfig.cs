using System.Text.Json;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Writes <c>genai_config.json</c> as ONNX Runtime GenAI's model builder does, and nothing that its reader does not know.</summary>
internal static class GenAIConfig
{
    public const string FileName = "genai_config.json";

    /// <param name="config">The decoder.</param>
    /// <param name="checkpoint">Names the special tokens.</param>
    /// <param name="modelFile">The name of the model's file.</param>
    public static byte[] Write(DecoderConfig config, ICheckpoint checkpoint, string modelFile)
    {
        var root = new JsonObject { ["model"] = Model(config, checkpoint, modelFile), ["search"] = Search(config) };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true })) root.WriteTo(writer);
        return stream.ToArray();
    }

    /// <summary>The token that begins a text; <see langword="null"/> where the checkpoint names none.</summary>
    public static int? BeginOfSequence(ICheckpoint checkpoint) => TokenIds(checkpoint, "bos_token_id") is [var begin, ..] ? begin : null;

    private static JsonObject Model(DecoderConfig config, ICheckpoint source, string modelFile)
    {
        var model = new JsonObject();
        var ends = TokenIds(source, "eos_token_id");
        if (BeginOfSequence(source) is { } begin) model["bos_token_id"] = begin;
        model["context_length"] = config.ContextLength;
        model["decoder"] = Decoder(config, modelFile);
        if (ends.Length > 0) model["eos_token_id"] = ends is [var end] ? end : new JsonArray([.. ends.Select(id => (JsonNode)id)]);
        if (TokenIds(source, "pad_token_id") is [var pad, ..]) model["pad_token_id"] = pad;
        else if (ends.Length > 0) model["pad_token_id"] = ends[0];
        model["type"] = config.Family;
        model["vocab_size"] = config.VocabularySize;
        return model;
    }

    private static JsonObject Decoder(DecoderConfig config, string modelFile) => new()
    {
        ["session_options"] = new JsonObject { ["log_id"] = "onnxruntime-genai", ["provider_options"] = new JsonArray() },
        ["filename"] = modelFile,
        ["head_size"] = config.Heads.Size,
        ["hidden_size"] = config.HiddenSize,
        ["inputs"] = new JsonObject
        {
            ["input_ids"] = DecoderGraph.InputIds,
            ["attention_mask"] = DecoderGraph.AttentionMask,
            ["past_key_names"] = "past_key_values.%d.key",
            ["past_value_names"] = "past_key_values.%d.value",
        },
        ["outputs"] = new JsonObject { ["logits"] = DecoderGraph.Logits, ["present_key_names"] = "present.%d.key", ["present_value_names"] = "present.%d.value" },
        ["num_attention_heads"] = config.HeadCount,
        ["num_hidden_layers"] = config.LayerCount,
        ["num_key_value_heads"] = config.KeyValueHeadCount,
    };

    private static JsonObject Search(DecoderConfig config) => new()
    {
        ["diversity_penalty"] = 0.0,
        ["do_sample"] = false,
        ["early_stopping"] = true,
        ["length_penalty"] = 1.0,
        ["max_length"] = config.ContextLength,
        ["min_length"] = 0,
        ["no_repeat_ngram_size"] = 0,
        ["num_beams"] = 1,
        ["num_return_sequences"] = 1,
        ["past_present_share_buffer"] = true,
        ["repetition_penalty"] = 1.0,
        ["temperature"] = 1.0,
        ["top_k"] = 50,
        ["top_p"] = 1.0,
    };

    /// <summary>One id or a list; generation's own configuration, where the checkpoint has one, wins.</summary>
    private static int[] TokenIds(ICheckpoint source, string name)
    {
        var value = source.GenerationConfiguration?[name] ?? source.Configuration[name];
        var ids = value is JsonArray list ? [.. list] : new[] { value };
        return [.. ids.OfType<JsonValue>().Select(ConfigReader.NumberOf).Where(id => id is >= 0 and <= int.MaxValue).Select(id => (int)id!.Value)];
    }
}
