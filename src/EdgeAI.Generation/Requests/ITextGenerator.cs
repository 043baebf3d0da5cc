namespace EdgeAI.Generation;

/// <summary>A model that generates text, loaded. Safe for concurrent calls: their sequences share the model's forward passes.</summary>
public interface ITextGenerator : IAsyncDisposable, IDisposable
{
    /// <summary>What the model is.</summary>
    GenerationModelInfo Model { get; }

    /// <summary>The model's tokenizer; <see langword="null"/> where its folder has none: then it serves token ids only.</summary>
    ITokenizer? Tokenizer { get; }

    /// <summary>The model's chat template; <see langword="null"/> where its folder has none.</summary>
    IChatTemplate? ChatTemplate { get; }

    /// <summary>Answers a prompt. Returns at once; the work begins with the enumeration.</summary>
    /// <exception cref="InvalidInputException">The prompt is empty, longer than the context or holds a token outside the vocabulary, an option is out of its range, or an answer that fits the constraint may not fit into the tokens: names every problem.</exception>
    GenerationAnswer Generate(GenerationRequest request);
}
