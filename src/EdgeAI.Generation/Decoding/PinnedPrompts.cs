namespace EdgeAI.Generation;

/// <summary>The prompts that a host wants kept.</summary>
internal static class PinnedPrompts
{
    /// <summary>Computes them, or reads what an earlier start has computed.</summary>
    /// <param name="engine">Keeps them.</param>
    /// <param name="folder">The model.</param>
    /// <param name="options">What the host wants.</param>
    /// <param name="format">Of files.</param>
    /// <param name="notKept">Told why a prompt could not be kept on disk, which is no reason not to serve.</param>
    /// <param name="cancellationToken">Ends the computing.</param>
    public static void Load(DecodingEngine engine, DecoderFolder folder, TextGeneratorOptions options, Lazy<PrefixFormat> format, Action<string> notKept, CancellationToken cancellationToken)
    {
        foreach (var tokens in Of(options, folder, engine.Capacity))
        {
            var kept = options.PrefixCacheFolder is { } path ? new PrefixFolder(path, format.Value) : null;
            if (kept?.TryRead(tokens.Span) is { } rows)
            {
                engine.Pin(new PrefixEntry(tokens.ToArray(), rows, isPinned: true));
                continue;
            }

            var entry = engine.Pin(tokens.Span, cancellationToken);
            try
            {
                kept?.Write(tokens, entry.Rows);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                notKept(e.Message);
            }
        }
    }

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

        foreach (var prefix in options.PinnedPrefixes)
        {
            // Without these there is no chat, which says so where it is made.
            if (folder is not { Tokenizer: { } tokenizer, ChatTemplate: { } template }) continue;
            var tokens = Render(prefix, tokenizer, template);
            if (tokens.Length > 0) yield return Checked(tokens);
        }

        int[] Render(Func<ITokenizer, IChatTemplate, int[]> prefix, ITokenizer tokenizer, IChatTemplate template)
        {
            try
            {
                return prefix(tokenizer, template);
            }
            catch (ChatTemplateException e)
            {
                throw new ModelLoadException($"the chat template does not take the system prompt: {e.Message}", folder.Path, e);
            }
        }

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
