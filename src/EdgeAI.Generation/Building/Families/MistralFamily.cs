namespace EdgeAI.Generation;

/// <summary>Mistral: Llama with a sliding window in every layer, where the configuration names one.</summary>
internal sealed class MistralFamily : IDecoderFamily
{
    public string Architecture => "MistralForCausalLM";

    public string ModelType => "mistral";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common)
    {
        var window = config.OptionalInt("sliding_window");
        return common with { SlidingWindows = [.. Enumerable.Repeat(window, common.LayerCount)] };
    }
}
