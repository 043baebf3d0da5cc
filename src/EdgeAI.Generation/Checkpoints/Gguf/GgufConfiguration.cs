using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Translates a GGUF file's metadata into the terms of Hugging Face's <c>config.json</c>.</summary>
internal sealed class GgufConfiguration(GgufMetadata metadata, GgufArchitecture architecture, IReadOnlyDictionary<string, Weight> weights, GgufRotary rotary, string modelId)
{
    private const int Gemma2LargestLayers = 46;

    public JsonObject ToJson()
    {
        if (metadata.FindCount(Key("expert_count")) > 0) throw Bad($"is a mixture of experts, which is not supported; supported are models of {GgufArchitecture.Supported} without experts");
        var (hidden, heads, layers) = (RequirePositive("embedding_length"), RequirePositive("attention.head_count"), RequirePositive("block_count"));
        var headSize = metadata.FindCount(Key("attention.key_length")) ?? hidden / heads;
        if (headSize == 0) throw Bad($"has {heads} heads for a hidden size of {hidden}");
        if (metadata.FindCount(Key("attention.value_length")) is { } valueSize && valueSize != headSize) throw Bad($"has keys of {headSize} and values of {valueSize}; only equal sizes are supported");
        var contextLength = RequirePositive("context_length");
        var theta = metadata.FindNumber(Key("rope.freq_base")) ?? 10000;
        var slidingWindow = metadata.FindCount(Key("attention.sliding_window"));
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray(ClassName(slidingWindow)),
            ["model_type"] = ModelType(slidingWindow),
            ["vocab_size"] = VocabularySize(),
            ["hidden_size"] = hidden,
            ["intermediate_size"] = RequirePositive("feed_forward_length"),
            ["num_hidden_layers"] = layers,
            ["num_attention_heads"] = heads,
            ["num_key_value_heads"] = metadata.FindCount(Key("attention.head_count_kv")) ?? heads,
            ["head_dim"] = headSize,
            ["max_position_embeddings"] = contextLength,
            ["rms_norm_eps"] = metadata.RequireNumber(Key("attention.layer_norm_rms_epsilon")),
            ["rope_theta"] = theta,
            ["hidden_act"] = architecture.Activation,
            ["tie_word_embeddings"] = !weights.ContainsKey("lm_head.weight"),
            ["attention_bias"] = weights.ContainsKey("model.layers.0.self_attn.q_proj.bias"),
        };
        if (metadata.FindCount(Key("rope.dimension_count")) is { } rotaryLength && rotaryLength != headSize) json["partial_rotary_factor"] = (double)rotaryLength / headSize;
        AddScaling(json, theta, contextLength);
        AddSlidingWindow(json, slidingWindow);
        if (architecture.ModelType == "gemma2") AddGemma2(json, hidden, heads, layers, headSize);
        AddTokens(json);
        return json;
    }

    private void AddScaling(JsonObject json, double theta, int contextLength)
    {
        if (rotary.ToScaling(theta, contextLength) is not { } scaling) return;
        json["rope_scaling"] = scaling;

        // Phi-3 keeps it here.
        if (scaling["original_max_position_embeddings"] is { } original) json["original_max_position_embeddings"] = original.DeepClone();
    }

    private void AddSlidingWindow(JsonObject json, int? slidingWindow)
    {
        if (slidingWindow is not > 0) return;
        json["sliding_window"] = slidingWindow;
        if (architecture.ModelType.StartsWith("qwen", StringComparison.Ordinal)) json["use_sliding_window"] = true;
    }

    private void AddGemma2(JsonObject json, int hidden, int heads, int layers, int headSize)
    {
        json["hidden_activation"] = architecture.Activation;
        if (metadata.FindNumber(Key("attn_logit_softcapping")) is { } attention) json["attn_logit_softcapping"] = attention;
        if (metadata.FindNumber(Key("final_logit_softcapping")) is { } final) json["final_logit_softcapping"] = final;

        // Not in the file: the 27B divides queries by the square root of hidden size / heads, the smaller ones by that of the head size.
        json["query_pre_attn_scalar"] = layers == Gemma2LargestLayers ? hidden / heads : headSize;
    }

    private void AddTokens(JsonObject json)
    {
        if (metadata.FindCount("tokenizer.ggml.bos_token_id") is { } begin) json["bos_token_id"] = begin;
        if (metadata.FindCount("tokenizer.ggml.padding_token_id") is { } padding) json["pad_token_id"] = padding;
        var ends = GgufEndTokens.Find(metadata);
        if (ends.Count == 1) json["eos_token_id"] = ends[0];
        else if (ends.Count > 1) json["eos_token_id"] = new JsonArray([.. ends.Select(end => JsonValue.Create(end))]);
    }

    private int VocabularySize() => weights.TryGetValue("model.embed_tokens.weight", out var embedding) && embedding.Rows <= int.MaxValue
        ? (int)embedding.Rows
        : throw Bad("lacks the tensor 'token_embd.weight'");

    // Files of Mistral models call themselves llama; only the window tells.
    private string ModelType(int? slidingWindow) => architecture.ModelType == "llama" && slidingWindow > 0 ? "mistral" : architecture.ModelType;

    private string ClassName(int? slidingWindow) => architecture.ModelType == "llama" && slidingWindow > 0 ? "MistralForCausalLM" : architecture.ClassName;

    private int RequirePositive(string name)
    {
        var count = metadata.RequireCount(Key(name));
        return count > 0 ? count : throw Bad($"has 0 for '{Key(name)}'");
    }

    private string Key(string name) => $"{architecture.Name}.{name}";

    private ModelLoadException Bad(string what) => new($"the GGUF file {what}.", modelId);
}
