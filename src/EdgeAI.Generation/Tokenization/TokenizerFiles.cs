namespace EdgeAI.Generation;

/// <summary>Loads tokenizers from models' folders.</summary>
public static class TokenizerFiles
{
    /// <summary>
    /// Loads the tokenizer that <c>tokenizer.json</c> describes. <c>tokenizer_config.json</c>, <c>generation_config.json</c> and <c>genai_config.json</c> beside it
    /// add which tokens begin and end a text, where they are there.
    /// </summary>
    /// <param name="folder">The model's folder.</param>
    /// <returns>The tokenizer; <see langword="null"/> where the folder has no <c>tokenizer.json</c>.</returns>
    /// <exception cref="ModelLoadException">A file is malformed, or the tokenizer does something that is not supported: named.</exception>
    public static ITokenizer? TryLoad(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        using var file = JsonFile.TryOpen(Path.Combine(folder, "tokenizer.json"));
        if (file is null) return null;
        using var config = JsonFile.TryOpen(Path.Combine(folder, "tokenizer_config.json"));
        var model = ModelReader.Read(file.Root["model"]);
        var added = AddedTokenReader.Read(file.Root, config?.Root, model);
        var sequence = SequenceTokens.Read(folder, config?.Root, name => IdOf(name, added, model), added);
        return new JsonTokenizer(new TokenizerParts(
            added,
            NormalizerReader.Read(file.Root.Optional("normalizer")),
            PreTokenizerReader.Read(file.Root.Optional("pre_tokenizer")),
            model,
            sequence.Frame ?? PostProcessorReader.Read(file.Root.Optional("post_processor")),
            DecoderReader.Read(file.Root.Optional("decoder")))
        {
            BeginOfSequence = sequence.Begin,
            EndTokens = sequence.Ends,
        });
    }

    private static int? IdOf(string name, IReadOnlyList<AddedToken> added, ITokenModel model) =>
        added.FirstOrDefault(token => token.Content == name)?.Id ?? (model.TryGetId(name, out var id) ? id : null);
}
