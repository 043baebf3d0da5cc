namespace EdgeAI.Generation;

/// <summary>
/// Gemma 2: norms before and after, stored as the difference from 1; embeddings times the root of their size; soft caps on attention and logits;
/// GELU; every other layer, from the first, with a sliding window.
/// </summary>
internal sealed class Gemma2Family : IDecoderFamily
{
    public string Architecture => "Gemma2ForCausalLM";

    public string ModelType => "gemma2";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common)
    {
        var window = config.OptionalInt("sliding_window") ?? 4096;
        var types = LayerWindows.Types(config, common.LayerCount);
        var bias = config.OptionalBool("attention_bias") ?? false;
        return common with
        {
            NormOffset = 1,
            Activation = config.Has("hidden_activation") || config.Has("hidden_act") ? common.Activation : Activation.GeluTanh,
            Norms = NormPlacement.BeforeAndAfter,
            EmbeddingScale = MathF.Sqrt(common.HiddenSize),
            AttentionScale = (float)(1 / Math.Sqrt(config.OptionalDouble("query_pre_attn_scalar") ?? 256)),
            AttentionSoftCap = (float?)config.OptionalDouble("attn_logit_softcapping"),
            LogitSoftCap = (float?)config.OptionalDouble("final_logit_softcapping"),
            HasQueryKeyValueBias = bias,
            HasAttentionOutputBias = bias,
            SlidingWindows = [.. Enumerable.Range(0, common.LayerCount).Select(layer => (types is { } t && layer < t.Length ? t[layer] == "sliding_attention" : layer % 2 == 0) ? (int?)window : null)],
        };
    }
}
