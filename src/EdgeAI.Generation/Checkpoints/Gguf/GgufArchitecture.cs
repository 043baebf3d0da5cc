namespace EdgeAI.Generation;

/// <summary>What differs between the architectures that GGUF files name, in Hugging Face's terms.</summary>
/// <param name="Name">As <c>general.architecture</c> has it.</param>
/// <param name="ModelType">Hugging Face's <c>model_type</c>.</param>
/// <param name="ClassName">Hugging Face's class.</param>
/// <param name="Activation">Hugging Face's name of the activation.</param>
/// <param name="InterleavesRotaryRows">Whether the converter puts the rows of query and key into interleaved order.</param>
/// <param name="AddsOneToNorms">Whether the converter adds one to the weights of norms.</param>
internal sealed record GgufArchitecture(string Name, string ModelType, string ClassName, string Activation = "silu", bool InterleavesRotaryRows = false, bool AddsOneToNorms = false)
{
    private static readonly GgufArchitecture[] _all =
    [
        new("llama", "llama", "LlamaForCausalLM", InterleavesRotaryRows: true),
        new("mistral", "mistral", "MistralForCausalLM", InterleavesRotaryRows: true),
        new("qwen2", "qwen2", "Qwen2ForCausalLM"),
        new("qwen3", "qwen3", "Qwen3ForCausalLM"),
        new("phi3", "phi3", "Phi3ForCausalLM"),
        new("gemma2", "gemma2", "Gemma2ForCausalLM", "gelu_pytorch_tanh", AddsOneToNorms: true),
    ];

    /// <summary>The names of all, for messages.</summary>
    public static string Supported => string.Join(", ", _all.Select(architecture => architecture.Name));

    /// <summary>Finds an architecture.</summary>
    /// <exception cref="ModelLoadException">It is not supported: lists those that are.</exception>
    public static GgufArchitecture Of(GgufMetadata metadata, string modelId)
    {
        var name = metadata.RequireText("general.architecture");
        return Array.Find(_all, architecture => architecture.Name == name)
            ?? throw new ModelLoadException($"the GGUF file is of architecture '{Shown.Name(name)}'; supported are {Supported}.", modelId);
    }
}
