namespace EdgeAI.Generation;

/// <summary>Phi-3 and 3.5: Llama whose checkpoints store query, key and value as one weight, and gate and up as another; often a sliding window in every layer.</summary>
internal sealed class Phi3Family : IDecoderFamily
{
    public string Architecture => "Phi3ForCausalLM";

    public string ModelType => "phi3";

    public DecoderConfig Read(ConfigReader config, DecoderConfig common)
    {
        var window = config.OptionalInt("sliding_window");
        return common with { IsPacked = true, SlidingWindows = [.. Enumerable.Repeat(window, common.LayerCount)] };
    }
}
