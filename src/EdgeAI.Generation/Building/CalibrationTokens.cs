namespace EdgeAI.Generation;

/// <summary>What a model reads while its keys and values are measured: always the same for the same model.</summary>
/// <param name="tokenizer"><see langword="null"/> where there is none.</param>
/// <param name="vocabularySize">Tokens of the model.</param>
/// <param name="beginOfSequence">Begins every sequence; <see langword="null"/> where there is none.</param>
/// <param name="mostTokens">Tokens of a sequence, 1 or more.</param>
internal sealed class CalibrationTokens(ITokenizer? tokenizer, int vocabularySize, int? beginOfSequence, int mostTokens)
{
    // Enough to see what is usual; more is for those who bring their own text.
    private const int FewTokens = 128, MostFileTokens = 2048, MostFileCharacters = 64 << 10, Seed = 1;

    /// <summary>The first tokens of a text file.</summary>
    /// <exception cref="ModelLoadException">There is no tokenizer, or the file is empty.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public IReadOnlyList<int[]> OfFile(string path)
    {
        if (tokenizer is null) throw new ModelLoadException("the source has no tokenizer, which a text for calibration needs; leave the text out: the model then reads what it generates itself.", path);
        using var reader = new StreamReader(path);
        var characters = new char[MostFileCharacters];
        var sequences = Sequences(new string(characters, 0, reader.ReadBlock(characters, 0, characters.Length)));
        return sequences.Count > 0 ? sequences : throw new ModelLoadException("the text for calibration is empty.", path);
    }

    /// <summary>Some text in several languages and notations; nothing where there is no tokenizer.</summary>
    public IReadOnlyList<int[]> OfBuiltInText() => tokenizer is null ? [] : Sequences(CalibrationText.Value);

    /// <summary>Any tokens whatever: what is rare shows up too.</summary>
    public int[] AtRandom()
    {
        var random = new Random(Seed);
        return Begun([.. Enumerable.Range(0, Math.Min(FewTokens, mostTokens)).Select(_ => random.Next(vocabularySize))]);
    }

    /// <summary>What a model generates by itself, with its probabilities, in slot 0.</summary>
    /// <returns>All tokens that were computed.</returns>
    /// <exception cref="TokenSelectionException">The model gives no numbers.</exception>
    public int[] Generate(IDecoder decoder, CancellationToken cancellationToken)
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = 1 }, new SamplingWorkspace(vocabularySize), [], Seed);
        var tokens = new int[Math.Min(FewTokens, mostTokens)];
        tokens[0] = beginOfSequence ?? 0;
        for (var i = 0; i < tokens.Length; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var logits = decoder.Prefill(0, i, tokens.AsSpan(i, 1), logitsCount: 1, cancellationToken);
            if (i + 1 < tokens.Length) tokens[i + 1] = sampler.Choose(logits);
        }

        return tokens;
    }

    private List<int[]> Sequences(string text)
    {
        // A model may have fewer rows than its tokenizer has tokens.
        var tokens = tokenizer!.Encode(text, addSpecialTokens: false, parseSpecialTokens: false).Where(token => token < vocabularySize).Take(MostFileTokens);
        return [.. tokens.Chunk(Math.Max(1, mostTokens - 1)).Select(Begun)];
    }

    private int[] Begun(int[] tokens) => beginOfSequence is { } begin && begin < vocabularySize ? [begin, .. tokens.Take(mostTokens - 1)] : tokens;
}
