namespace EdgeAI.Generation;

/// <summary>Opens checkpoints of every kind.</summary>
internal static class Checkpoint
{
    private const string GgufExtension = ".gguf";

    /// <summary>Opens a checkpoint.</summary>
    /// <param name="source">A folder in Hugging Face's form, a <c>.gguf</c> file, or <c>synthetic:NAME</c>.</param>
    /// <returns>The checkpoint, owned by the caller.</returns>
    /// <exception cref="ModelLoadException">It is none of these, or is damaged: says what was expected.</exception>
    public static ICheckpoint Open(string source)
    {
        if (source.StartsWith(SyntheticCheckpoint.Prefix, StringComparison.Ordinal)) return SyntheticCheckpoint.Open(source);
        if (Path.GetExtension(source).Equals(GgufExtension, StringComparison.OrdinalIgnoreCase) && !Directory.Exists(source)) return GgufCheckpoint.Open(source);
        if (File.Exists(source)) throw new ModelLoadException("this is a file; give a folder with config.json and *.safetensors, a .gguf file, or synthetic:NAME.", source);
        return SafetensorsCheckpoint.Open(source);
    }
}
