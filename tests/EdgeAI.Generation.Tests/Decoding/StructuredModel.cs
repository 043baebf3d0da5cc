using System.Text.Json.Nodes;
using EdgeAI.Generation.Tests.Grammar;

namespace EdgeAI.Generation.Tests;

/// <summary>A decoder of two layers with random weights and a tokenizer of its own, as a checkpoint.</summary>
internal sealed class StructuredModel(int vocabulary, uint seed) : ICheckpoint
{
    private readonly SyntheticCheckpoint _weights = new(new SyntheticShape("structured", "llama", 64, 2, 96, 4, 2, vocabulary, 512), seed, "structured answers");

    public string Location => _weights.Location;

    // Its end token is the tokenizer's.
    public JsonObject Configuration => _weights.Configuration;

    public IReadOnlyDictionary<string, Weight> Weights => _weights.Weights;

    public bool HasInterleavedRotaryRows => false;

    public void WriteTokenizerFiles(string folder) => JsonVocabulary.Write(folder, vocabulary);

    public void Dispose() => _weights.Dispose();
}
