namespace EdgeAI.Generation;

/// <summary>Llama 2 and 3, SmolLM, and the many models that share their architecture.</summary>
internal sealed class LlamaFamily : IDecoderFamily
{
    public string Architecture => "LlamaForCausalLM";

    public string ModelType => "llama";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common)
    {
        var bias = config.OptionalBool("attention_bias") ?? false;
        return common with { HasQueryKeyValueBias = bias, HasAttentionOutputBias = bias, HasFeedForwardBias = config.OptionalBool("mlp_bias") ?? false };
    }
}
