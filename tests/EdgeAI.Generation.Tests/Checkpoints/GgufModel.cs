namespace EdgeAI.Generation.Tests;

/// <summary>A GGUF file opened from a temporary folder, and the smallest metadata that a model needs.</summary>
internal sealed class GgufModel : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private GgufModel(byte[] bytes) => Checkpoint = Generation.Checkpoint.Open(_folder.Write("model.gguf", bytes));

    public ICheckpoint Checkpoint { get; }

    public static GgufModel Open(GgufFile file) => new(file.ToBytes());

    /// <summary>Opening the bytes is refused.</summary>
    public static ModelLoadException Refuse(byte[] bytes)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("model.gguf", bytes);
        return Assert.ThrowsExactly<ModelLoadException>(() => Generation.Checkpoint.Open(path).Dispose());
    }

    /// <summary>Metadata and an embedding of an architecture: 2 layers, hidden size 16, 4 heads of 4, 2 key-value heads.</summary>
    public static GgufFile Small(string architecture) => Small(new(), architecture);

    public static GgufFile Small(GgufFile? file = null, string architecture = "llama") => (file ?? new())
        .With("general.architecture", architecture)
        .With($"{architecture}.context_length", 128u)
        .With($"{architecture}.embedding_length", 16u)
        .With($"{architecture}.block_count", 2u)
        .With($"{architecture}.feed_forward_length", 32u)
        .With($"{architecture}.attention.head_count", 4u)
        .With($"{architecture}.attention.head_count_kv", 2u)
        .With($"{architecture}.attention.layer_norm_rms_epsilon", 1e-6f)
        .Add("token_embd.weight", new float[3 * 16], [3, 16]);

    public void Dispose()
    {
        Checkpoint.Dispose();
        _folder.Dispose();
    }
}
