using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>The shape of a published model, or of a tiny one for tests.</summary>
internal sealed record SyntheticShape(string Name, string ModelType, int Hidden, int Layers, int FeedForward, int Heads, int KeyValueHeads, int Vocabulary, int Context)
{
    private const int TinyWindow = 24;

    public int HeadSize { get; init; } = Hidden / Heads;

    public double RotaryBase { get; init; } = 10000;

    public double Epsilon { get; init; } = 1e-5;

    public bool TiesEmbeddings { get; init; }

    public int? SlidingWindow { get; init; }

    /// <summary>The factor of Llama 3's scaling; <see langword="null"/> for none.</summary>
    public double? Llama3Factor { get; init; }

    /// <summary>All that are known.</summary>
    public static IReadOnlyList<SyntheticShape> All { get; } =
    [
        new("llama-1b", "llama", 2048, 22, 5632, 32, 4, 32000, 4096),
        new("llama-7b", "llama", 4096, 32, 11008, 32, 32, 32000, 4096),
        new("llama-3.1-8b", "llama", 4096, 32, 14336, 32, 8, 128256, 131072) { RotaryBase = 500000, Llama3Factor = 8 },
        new("llama-3.2-1b", "llama", 2048, 16, 8192, 32, 8, 128256, 131072) { RotaryBase = 500000, Llama3Factor = 32, TiesEmbeddings = true },
        new("mistral-7b", "mistral", 4096, 32, 14336, 32, 8, 32000, 32768) { SlidingWindow = 4096 },
        new("qwen2.5-0.5b", "qwen2", 896, 24, 4864, 14, 2, 151936, 32768) { RotaryBase = 1e6, Epsilon = 1e-6, TiesEmbeddings = true },
        new("qwen2.5-1.5b", "qwen2", 1536, 28, 8960, 12, 2, 151936, 32768) { RotaryBase = 1e6, Epsilon = 1e-6, TiesEmbeddings = true },
        new("qwen2.5-7b", "qwen2", 3584, 28, 18944, 28, 4, 152064, 32768) { RotaryBase = 1e6, Epsilon = 1e-6 },
        new("qwen3-4b", "qwen3", 2560, 36, 9728, 32, 8, 151936, 40960) { HeadSize = 128, RotaryBase = 1e6, Epsilon = 1e-6, TiesEmbeddings = true },
        new("phi-3-mini", "phi3", 3072, 32, 8192, 32, 32, 32064, 4096) { SlidingWindow = 2047 },
        new("gemma-2-2b", "gemma2", 2304, 26, 9216, 8, 4, 256000, 8192) { HeadSize = 256, Epsilon = 1e-6, TiesEmbeddings = true, SlidingWindow = 4096 },
        Tiny("llama"),
        Tiny("mistral") with { SlidingWindow = TinyWindow },
        Tiny("qwen2") with { TiesEmbeddings = true },
        Tiny("qwen3") with { HeadSize = 32, TiesEmbeddings = true },
        Tiny("phi3") with { SlidingWindow = TinyWindow },
        Tiny("gemma2") with { HeadSize = 32, TiesEmbeddings = true, SlidingWindow = TinyWindow },
    ];

    /// <summary>The configuration in Hugging Face's terms.</summary>
    public JsonObject ToConfiguration()
    {
        var json = new JsonObject
        {
            ["architectures"] = new JsonArray($"{char.ToUpperInvariant(ModelType[0])}{ModelType[1..]}ForCausalLM"),
            ["model_type"] = ModelType,
            ["vocab_size"] = Vocabulary,
            ["hidden_size"] = Hidden,
            ["intermediate_size"] = FeedForward,
            ["num_hidden_layers"] = Layers,
            ["num_attention_heads"] = Heads,
            ["num_key_value_heads"] = KeyValueHeads,
            ["head_dim"] = HeadSize,
            ["max_position_embeddings"] = Context,
            ["rms_norm_eps"] = Epsilon,
            ["rope_theta"] = RotaryBase,
            ["hidden_act"] = ModelType == "gemma2" ? "gelu_pytorch_tanh" : "silu",
            ["tie_word_embeddings"] = TiesEmbeddings,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
        };
        if (SlidingWindow is { } window) json["sliding_window"] = window;
        if (Llama3Factor is { } factor) json["rope_scaling"] = new JsonObject { ["rope_type"] = "llama3", ["factor"] = factor, ["low_freq_factor"] = 1.0, ["high_freq_factor"] = 4.0, ["original_max_position_embeddings"] = 8192 };
        if (ModelType != "gemma2") return json;

        json["hidden_activation"] = "gelu_pytorch_tanh";
        json["query_pre_attn_scalar"] = HeadSize;
        json["attn_logit_softcapping"] = 50.0;
        json["final_logit_softcapping"] = 30.0;
        return json;
    }

    private static SyntheticShape Tiny(string modelType) => new($"tiny-{modelType}", modelType, 64, 2, 172, 4, 2, 512, 512);
}
