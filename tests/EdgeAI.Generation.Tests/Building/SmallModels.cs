using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests.Building;

/// <summary>One small model of each family and rotary scaling. Sizes are odd on purpose: no matrix is whole blocks wide.</summary>
internal static class SmallModels
{
    private const int Hidden = 72, Layers = 3, Heads = 4, KeyValueHeads = 2, HeadSize = 16, FeedForward = 100, Vocabulary = 83, Context = 16;

    private static readonly Dictionary<string, Func<SmallModel>> _all = new()
    {
        ["llama"] = () => Create("LlamaForCausalLM", [], Plain()),
        ["llama, biases"] = () => Create("LlamaForCausalLM", new() { ["attention_bias"] = true, ["mlp_bias"] = true }, Plain(bias: true, outputBias: true, feedForwardBias: true)),
        ["llama, GGUF order"] = () => Create("LlamaForCausalLM", new() { ["attention_bias"] = true }, Plain(bias: true, outputBias: true), isInterleaved: true).WithInterleavedRows(),
        ["llama, heads of 12"] = () => Create("LlamaForCausalLM", [], Plain(headSize: 12)),
        ["llama, K of 172"] = () => Create("LlamaForCausalLM", [], Plain(feedForward: 172)),
        ["llama, whole blocks"] = () => Create("LlamaForCausalLM", [], Plain(hidden: 128, feedForward: 256)),
        ["smollm, tied"] = () => Create("LlamaForCausalLM", new() { ["tie_word_embeddings"] = true }, Plain(isTied: true)),
        ["mistral"] = () => Create("MistralForCausalLM", new() { ["sliding_window"] = 5 }, Plain(window: _ => 5)),
        ["qwen2"] = () => Create("Qwen2ForCausalLM", new() { ["tie_word_embeddings"] = true, ["sliding_window"] = 5 }, Plain(bias: true, isTied: true)),
        ["qwen2, sliding window"] = () => Create("Qwen2ForCausalLM", new() { ["use_sliding_window"] = true, ["sliding_window"] = 5, ["max_window_layers"] = 1 }, Plain(bias: true, window: layer => layer >= 1 ? 5 : null)),
        ["qwen3"] = () => Create("Qwen3ForCausalLM", [], Plain(norms: true)),
        ["phi3"] = () => Create("Phi3ForCausalLM", new() { ["sliding_window"] = 7 }, Plain(isPacked: true, window: _ => 7)),
        ["phi3, partial rotary"] = () => Create("Phi3ForCausalLM", new() { ["partial_rotary_factor"] = 0.75 }, Plain(isPacked: true, rotarySize: 12)),
        ["gemma2"] = () => Create("Gemma2ForCausalLM", new() { ["sliding_window"] = 5, ["query_pre_attn_scalar"] = 24, ["attn_logit_softcapping"] = 5, ["final_logit_softcapping"] = 3, ["hidden_activation"] = "gelu_pytorch_tanh" }, Gemma()),
        ["linear"] = () => Create("LlamaForCausalLM", Scaling(new() { ["type"] = "linear", ["factor"] = 2.5 }), Plain(frequency: (_, pair) => Frequency(pair) / 2.5)),
        ["dynamic"] = () => Create("LlamaForCausalLM", Scaling(new() { ["rope_type"] = "dynamic", ["factor"] = 2 }, context: Original), Plain(frequency: Dynamic)),
        ["llama3"] = () => Create(
            "LlamaForCausalLM",
            Scaling(new() { ["rope_type"] = "llama3", ["factor"] = 4, ["low_freq_factor"] = 0.25, ["high_freq_factor"] = 1, ["original_max_position_embeddings"] = Original }),
            Plain(frequency: (_, pair) => Llama3(pair))),
        ["yarn"] = () => Create(
            "Qwen2ForCausalLM",
            Scaling(new() { ["type"] = "yarn", ["factor"] = 2, ["original_max_position_embeddings"] = Original, ["beta_fast"] = 2, ["beta_slow"] = 0.05 }, context: Original),
            Plain(bias: true, frequency: (_, pair) => Yarn(pair), amplitude: 0.1 * Math.Log(2) + 1)),
        ["yarn, attention factor"] = () => Create("LlamaForCausalLM", Yarn(new() { ["attention_factor"] = 1.25 }), Plain(frequency: (_, pair) => Yarn(pair), amplitude: 1.25)),
        ["yarn, temperatures"] = () => Create(
            "LlamaForCausalLM", Yarn(new() { ["mscale"] = 0.7, ["mscale_all_dim"] = 0.4 }), Plain(frequency: (_, pair) => Yarn(pair), amplitude: (0.1 * 0.7 * Math.Log(2) + 1) / (0.1 * 0.4 * Math.Log(2) + 1))),
        ["yarn, not truncated"] = () => Create(
            "LlamaForCausalLM", Yarn(new() { ["truncate"] = false }), Plain(frequency: (_, pair) => Yarn(pair, truncates: false), amplitude: 0.1 * Math.Log(2) + 1)),
        ["linear, as rope_parameters"] = () => Create(
            "LlamaForCausalLM", new() { ["rope_parameters"] = new JsonObject { ["rope_type"] = "linear", ["factor"] = 2.5, ["rope_theta"] = 500 } }, Plain(frequency: (_, pair) => Frequency(pair, 500) / 2.5)),
        ["dynamic, original context of its own"] = () => Create(
            "LlamaForCausalLM", Scaling(new() { ["rope_type"] = "dynamic", ["factor"] = 2, ["original_max_position_embeddings"] = Original }, context: Context), Plain(frequency: Dynamic)),
        ["longrope, long"] = () => Create("Phi3ForCausalLM", LongRope(context: 16), Plain(isPacked: true, frequency: (_, pair) => Frequency(pair) / LongFactor(pair), amplitude: LongRopeAmplitude)),
        ["longrope, long, partial rotary"] = () => Create(
            "Phi3ForCausalLM", LongRope(context: 16, rotarySize: 12),
            Plain(isPacked: true, rotarySize: 12, frequency: (_, pair) => Math.Pow(10_000, -2.0 * pair / 12) / LongFactor(pair), amplitude: LongRopeAmplitude)),
    };

    public static IEnumerable<string> Names => _all.Keys;

    public static SmallModel Create(string name) => _all[name]();

    /// <summary>The original context of models with rotary scaling.</summary>
    public const int Original = 8;

    /// <summary>What longrope's tables are multiplied by in both of their kinds.</summary>
    public static double LongRopeAmplitude => Math.Sqrt(1 + Math.Log(2) / Math.Log(Original));

    /// <summary>Up to the original context.</summary>
    public static double ShortFactor(int pair) => 1.1 + 0.2 * pair;

    /// <summary>Beyond it.</summary>
    public static double LongFactor(int pair) => 1.5 + pair;

    /// <summary>A model with both kinds of longrope's factors, and what it answers with the short ones.</summary>
    public static SmallModel CreateShortLongRope() =>
        Create("Phi3ForCausalLM", LongRope(context: 16), Plain(isPacked: true, frequency: (_, pair) => Frequency(pair) / ShortFactor(pair), amplitude: LongRopeAmplitude));

    /// <summary>A Llama with so many tokens that its embedding is not stored as 32-bit floats.</summary>
    public static SmallModel CreateWide(int hidden, bool isTied) =>
        Create("LlamaForCausalLM", new() { ["tie_word_embeddings"] = isTied }, Plain(hidden: hidden, isTied: isTied, vocabulary: (1 << 20) / hidden + 9));

    private static SmallModel Create(string architecture, JsonObject settings, ReferenceDecoder reference, bool isInterleaved = false)
    {
        var configuration = new JsonObject
        {
            ["architectures"] = new JsonArray(architecture),
            ["hidden_size"] = reference.Hidden,
            ["num_hidden_layers"] = reference.Layers,
            ["num_attention_heads"] = reference.Heads,
            ["num_key_value_heads"] = reference.KeyValueHeads,
            ["head_dim"] = reference.HeadSize,
            ["intermediate_size"] = reference.FeedForward,
            ["vocab_size"] = reference.Vocabulary,
            ["max_position_embeddings"] = Context,
            ["rms_norm_eps"] = 1e-5,
            ["bos_token_id"] = 1,
            ["eos_token_id"] = 2,
        };
        foreach (var (name, value) in settings) configuration[name] = value?.DeepClone();
        return SmallModel.Create(configuration, reference, isInterleaved);
    }

    private static ReferenceDecoder Plain(
        bool bias = false, bool outputBias = false, bool feedForwardBias = false, bool isTied = false, bool isPacked = false, bool norms = false, int headSize = HeadSize, int hidden = Hidden, int feedForward = FeedForward,
        int vocabulary = Vocabulary, int? rotarySize = null,
        Func<int, int?>? window = null, Func<int, int, double>? frequency = null, double amplitude = 1) => new()
        {
            Hidden = hidden,
            Layers = Layers,
            Heads = Heads,
            KeyValueHeads = KeyValueHeads,
            HeadSize = headSize,
            FeedForward = feedForward,
            Vocabulary = vocabulary,
            HasQueryKeyValueBias = bias,
            HasAttentionOutputBias = outputBias,
            HasFeedForwardBias = feedForwardBias,
            IsTied = isTied,
            IsPacked = isPacked,
            HasQueryKeyNorms = norms,
            RotarySize = rotarySize,
            Window = window ?? (_ => null),
            Frequency = frequency,
            RotaryAmplitude = amplitude,
        };

    private static ReferenceDecoder Gemma() => new()
    {
        Hidden = Hidden,
        Layers = Layers,
        Heads = Heads,
        KeyValueHeads = KeyValueHeads,
        HeadSize = HeadSize,
        FeedForward = FeedForward,
        Vocabulary = Vocabulary,
        IsGemma = true,
        IsTied = true,
        AttentionDivisor = 24,
        AttentionCap = 5,
        LogitCap = 3,
        Window = layer => layer % 2 == 0 ? 5 : null,
    };

    private static JsonObject Scaling(JsonObject scaling, int context = Context) => new() { ["rope_scaling"] = scaling, ["max_position_embeddings"] = context };

    private static JsonObject Yarn(JsonObject more)
    {
        var scaling = new JsonObject { ["rope_type"] = "yarn", ["factor"] = 2, ["original_max_position_embeddings"] = Original, ["beta_fast"] = 2, ["beta_slow"] = 0.05 };
        foreach (var (name, value) in more) scaling[name] = value!.DeepClone();
        return Scaling(scaling);
    }

    private static JsonObject LongRope(int context, int rotarySize = HeadSize) => new()
    {
        ["max_position_embeddings"] = context,
        ["original_max_position_embeddings"] = Original,
        ["partial_rotary_factor"] = (double)rotarySize / HeadSize,
        ["rope_scaling"] = new JsonObject
        {
            ["type"] = "longrope",
            ["long_factor"] = new JsonArray([.. Enumerable.Range(0, rotarySize / 2).Select(pair => (JsonNode)LongFactor(pair))]),
            ["short_factor"] = new JsonArray([.. Enumerable.Range(0, rotarySize / 2).Select(pair => (JsonNode)ShortFactor(pair))]),
        },
    };

    private static double Frequency(int pair, double root = 10_000) => 1 / Math.Pow(root, 2.0 * pair / HeadSize);

    // The base for a sequence that has just grown to this position.
    private static double Dynamic(int position, int pair)
    {
        var length = Math.Max(position + 1, Original);
        return Frequency(pair, 10_000 * Math.Pow(2.0 * length / Original - 1, HeadSize / (HeadSize - 2.0)));
    }

    private static double Llama3(int pair)
    {
        var wavelength = 2 * Math.PI / Frequency(pair);
        var (longest, shortest) = (Original / 0.25, Original / 1.0);
        if (wavelength > longest) return Frequency(pair) / 4;
        if (wavelength < shortest) return Frequency(pair);
        var smooth = (Original / wavelength - 0.25) / (1 - 0.25);
        return (1 - smooth) * Frequency(pair) / 4 + smooth * Frequency(pair);
    }

    private static double Yarn(int pair, bool truncates = true)
    {
        double Dimension(double rotations) => HeadSize * Math.Log(Original / (rotations * 2 * Math.PI)) / (2 * Math.Log(10_000));
        var (first, last) = (Dimension(2), Dimension(0.05));
        if (truncates) (first, last) = (Math.Floor(first), Math.Ceiling(last));
        var (low, high) = (Math.Max(first, 0), Math.Min(last, HeadSize - 1));
        var interpolated = Math.Min(1, Math.Max(0, (pair - low) / (high - low)));
        return Frequency(pair) / 2 * interpolated + Frequency(pair) * (1 - interpolated);
    }
}
