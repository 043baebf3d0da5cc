namespace EdgeAI.Generation;

/// <summary>Qwen3: Llama with a norm on each head's query and key in place of Qwen2's biases.</summary>
internal sealed class Qwen3Family : IDecoderFamily
{
    public string Architecture => "Qwen3ForCausalLM";

    public string ModelType => "qwen3";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common)
    {
        var bias = config.OptionalBool("attention_bias") ?? false;
        return common with { HasQueryKeyNorms = true, HasQueryKeyValueBias = bias, HasAttentionOutputBias = bias, SlidingWindows = LayerWindows.Read(config, common.LayerCount) };
    }
}
