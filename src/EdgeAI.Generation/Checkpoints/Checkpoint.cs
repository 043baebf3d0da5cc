namespace EdgeAI.Generation;

/// <summary>Opens checkpoints of every kind.</summary>
internal static class Checkpoint
{
    /// <summary>Opens a checkpoint.</summary>
    /// <param name="source">A folder in Hugging Face's form, a <c>.gguf</c> file, or <c>synthetic:NAME</c>.</param>
    /// <returns>The checkpoint, owned by the caller.</returns>
    /// <exception cref="ModelLoadException">It is none of these, or is damaged: says what was expected.</exception>
    public static ICheckpoint Open(string source) => SafetensorsCheckpoint.Open(source);
}
