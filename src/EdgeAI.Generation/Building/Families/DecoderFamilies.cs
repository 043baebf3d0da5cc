namespace EdgeAI.Generation;

/// <summary>The families that can be built. To add one: a file beside this and a line here.</summary>
internal static class DecoderFamilies
{
    // How configurations of mixtures of experts call the number of these.
    private static readonly string[] _expertCounts = ["num_local_experts", "num_experts", "n_routed_experts", "moe_num_experts"];

    private static readonly IDecoderFamily[] _all = [new LlamaFamily(), new MistralFamily(), new Qwen2Family(), new Qwen3Family(), new Phi3Family(), new Gemma2Family()];

    /// <summary>The family of a model.</summary>
    /// <exception cref="ModelLoadException">None is known; lists those that are.</exception>
    public static IDecoderFamily Find(ConfigReader config, string location)
    {
        var architecture = config.OptionalTexts("architectures")?.FirstOrDefault();
        var type = config.OptionalText("model_type");
        if (_expertCounts.Any(config.Has))
        {
            throw new ModelLoadException($"the architecture {(architecture ?? type) switch { null => "", var name => $"'{name}' " }}is a mixture of experts, which is not supported; supported are {Supported}.", location);
        }

        return _all.FirstOrDefault(family => family.Architecture == architecture)
            ?? (architecture is null ? _all.FirstOrDefault(family => family.ModelType == type) : null)
            ?? throw new ModelLoadException(
                $"the architecture {(architecture ?? type) switch { null => "is not named in config.json", var name => $"'{name}' is not supported" }}; "
                + $"supported are {Supported}.", location);
    }

    private static string Supported => string.Join(", ", _all.Select(family => family.Architecture));
}
