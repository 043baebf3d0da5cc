using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>Turns a <c>config.json</c> into what the graph is built from.</summary>
internal static class DecoderConfigReader
{
    private const int MostLayers = 1024;

    /// <param name="configuration">The content of <c>config.json</c>.</param>
    /// <param name="location">Names the model in errors.</param>
    /// <param name="contextLength">The context asked for; <see langword="null"/> for what the model was made for.</param>
    /// <exception cref="ModelLoadException">The architecture is unknown, or values are missing or wrong: names all of them.</exception>
    public static DecoderConfig Read(JsonObject configuration, string location, int? contextLength)
    {
        var problems = new List<string>();
        var config = new ConfigReader(configuration, problems);
        var family = DecoderFamilies.Find(config, location);
        var result = family.Read(config, ReadCommon(config, family.ModelType, contextLength));
        if (result.HeadCount % result.KeyValueHeadCount != 0) config.Note($"{result.HeadCount} heads cannot share {result.KeyValueHeadCount} key-value heads evenly");
        if (result.HasQueryKeyNorms && !result.Heads.IsPlain) config.Note($"heads of {result.HeadSize} elements of which {result.Rotary.Size} turn cannot have norms of their own");
        if (problems.Count > 0) throw new ModelLoadException($"config.json does not describe a model that can be built: {string.Join("; ", problems)}.", location);
        return result;
    }

    private static DecoderConfig ReadCommon(ConfigReader config, string family, int? contextLength)
    {
        var (hidden, heads, layers) = (config.Int("hidden_size"), config.Int("num_attention_heads"), config.Int("num_hidden_layers"));
        if (layers > MostLayers)
        {
            config.Note($"num_hidden_layers is {layers}; at most {MostLayers} are supported");
            layers = MostLayers;
        }

        var headSize = config.OptionalInt("head_dim") ?? Math.Max(1, hidden / heads);
        var (rotary, context) = RotaryReader.Read(config, headSize, contextLength);
        return new DecoderConfig
        {
            Family = family,
            HiddenSize = hidden,
            LayerCount = layers,
            HeadCount = heads,
            KeyValueHeadCount = config.OptionalInt("num_key_value_heads") ?? heads,
            HeadSize = headSize,
            FeedForwardSize = config.Int("intermediate_size"),
            VocabularySize = config.Int("vocab_size"),
            ContextLength = context,
            NormEpsilon = (float)(config.OptionalDouble("rms_norm_eps") ?? 1e-6),
            Rotary = rotary,
            TiesEmbeddings = config.OptionalBool("tie_word_embeddings"),
            SlidingWindows = [.. Enumerable.Repeat<int?>(null, layers)],
            Activation = ReadActivation(config),
            AttentionScale = (float)(1 / Math.Sqrt(headSize)),
        };
    }

    private static Activation ReadActivation(ConfigReader config)
    {
        switch (config.OptionalText("hidden_activation") ?? config.OptionalText("hidden_act"))
        {
            case null or "silu" or "swish": return Activation.Silu;
            case "gelu": return Activation.Gelu;
            case "gelu_pytorch_tanh" or "gelu_new": return Activation.GeluTanh;
            case var other:
                config.Note($"the activation '{other}' is not supported; supported are silu, gelu and gelu_pytorch_tanh");
                return Activation.Silu;
        }
    }
}
