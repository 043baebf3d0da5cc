namespace EdgeAI.Generation;

/// <summary>The tensors of a GGUF file as weights in Hugging Face's terms.</summary>
internal static class GgufTensors
{
    public const string RotaryFactors = "rope_freqs.weight";
    public const string LongRotaryFactors = "rope_factors_long.weight";
    public const string ShortRotaryFactors = "rope_factors_short.weight";

    /// <summary>Translates names, and undoes what the converter did to values.</summary>
    /// <exception cref="ModelLoadException">Two tensors have one meaning.</exception>
    public static Dictionary<string, Weight> Translate(IEnumerable<FileWeight> tensors, GgufArchitecture architecture, string modelId)
    {
        var weights = new Dictionary<string, Weight>(StringComparer.Ordinal);
        foreach (var tensor in tensors)
        {
            if (IsRotaryTable(tensor.Name)) continue;
            var name = GgufNames.Translate(tensor.Name, architecture.Name);
            Weight weight = architecture.AddsOneToNorms && name.EndsWith("norm.weight", StringComparison.Ordinal) ? new ShiftedWeight(tensor, -1) : tensor;
            if (!weights.TryAdd(name, weight)) throw new ModelLoadException($"the GGUF file has two tensors that mean '{Shown.Name(name)}'.", modelId);
        }

        return weights;
    }

    /// <summary>Tables are told by the configuration instead.</summary>
    private static bool IsRotaryTable(string name) =>
        name is RotaryFactors or LongRotaryFactors or ShortRotaryFactors || name.EndsWith(".attn_rot_embd.weight", StringComparison.Ordinal);
}
