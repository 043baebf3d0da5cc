namespace EdgeAI.Generation;

/// <summary>The prompts that a host wants kept, as tokens.</summary>
internal static class PinnedPrompts
{
    /// <summary>All of them.</summary>
    /// <exception cref="ModelLoadException">One is longer than the context, names a token outside the vocabulary, or needs a tokenizer that the folder lacks.</exception>
    public static IEnumerable<ReadOnlyMemory<int>> Of(TextGeneratorOptions options, DecoderFolder folder, int capacity)
    {
        foreach (var text in options.PinnedPrompts)
        {
            if (folder.Tokenizer is not { } tokenizer) throw new ModelLoadException("the folder has no tokenizer, which TextGeneratorOptions.PinnedPrompts needs; pin tokens instead.", folder.Path);
            yield return Checked(tokenizer.Encode(text, addSpecialTokens: false).ToArray());
        }

        foreach (var tokens in options.PinnedTokens) yield return Checked(tokens);

        ReadOnlyMemory<int> Checked(ReadOnlyMemory<int> tokens)
        {
            if (tokens.Length >= capacity) throw new ModelLoadException($"a pinned prompt has {tokens.Length} tokens, and the context has room for {capacity}.", folder.Path);
            foreach (var token in tokens.Span)
            {
                if ((uint)token >= (uint)folder.Configuration.VocabularySize) throw new ModelLoadException($"a pinned prompt has token {token}, and the vocabulary has {folder.Configuration.VocabularySize}.", folder.Path);
            }

            return tokens;
        }
    }
}
