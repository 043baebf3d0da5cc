using System.Text.Json.Nodes;

namespace EdgeAI.Generation;

/// <summary>A model as its author published it: a configuration and named weights. Thread-safe.</summary>
internal interface ICheckpoint : IDisposable
{
    /// <summary>Where it lies, for messages.</summary>
    string Location { get; }

    /// <summary>The configuration in the terms of Hugging Face's <c>config.json</c>; a GGUF file's metadata is translated into them.</summary>
    JsonObject Configuration { get; }

    /// <summary>What <c>generation_config.json</c> says, such as more end tokens; <see langword="null"/> where there is none.</summary>
    JsonObject? GenerationConfiguration => null;

    /// <summary>The weights by name, in the terms of Hugging Face's Llama-like models (<c>model.layers.0.self_attn.q_proj.weight</c>); a GGUF file's names are translated.</summary>
    IReadOnlyDictionary<string, Weight> Weights { get; }

    /// <summary>Whether rows of the query and key projections are in GGUF's interleaved order for rotary embedding and must be put back.</summary>
    bool HasInterleavedRotaryRows { get; }

    /// <summary>Writes what the model's tokenizer needs (<c>tokenizer.json</c>, <c>tokenizer_config.json</c>, chat template, or files of our own for a GGUF vocabulary) into a folder; nothing where there is none.</summary>
    void WriteTokenizerFiles(string folder);
}
