namespace EdgeAI.Generation;

/// <summary>Qwen2 and 2.5: Llama with biases on query, key and value, and a sliding window in the later layers where it is switched on.</summary>
internal sealed class Qwen2Family : IDecoderFamily
{
    public string Architecture => "Qwen2ForCausalLM";

    public string ModelType => "qwen2";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common) =>
        common with { HasQueryKeyValueBias = true, SlidingWindows = LayerWindows.Read(config, common.LayerCount) };
}
