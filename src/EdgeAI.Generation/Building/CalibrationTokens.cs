namespace EdgeAI.Generation;

/// <summary>What a model reads while its keys and values are measured: always the same for the same model.</summary>
/// <param name="tokenizer"><see langword="null"/> where there is none.</param>
/// <param name="vocabularySize">Tokens of the model.</param>
/// <param name="beginOfSequence">Begins every sequence; <see langword="null"/> where there is none.</param>
/// <param name="mostTokens">Tokens of a sequence, 1 or more.</param>
internal sealed class CalibrationTokens(ITokenizer? tokenizer, int vocabularySize, int? beginOfSequence, int mostTokens)
{
    // A trained model of 260 thousand weights: 5.6 to 5.9 % error of the logits with 128 to 1,024 tokens of each kind and a quarter of headroom;
    // without headroom 16.7 % with 128 tokens, 5.9 % with 512.
    private const int FewTokens = 256, MostFileTokens = 2048, MostFileCharacters = 64 << 10, Seed = 1;

    // A model may have fewer rows than its configuration or its tokenizer has tokens.
    private readonly int? _begin = beginOfSequence < vocabularySize ? beginOfSequence : null;

    /// <summary>The first tokens of a text file.</summary>
    /// <exception cref="ModelLoadException">There is no tokenizer, or the file is empty.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public IReadOnlyList<int[]> OfFile(string path)
    {
        if (tokenizer is null) throw new ModelLoadException("the source has no tokenizer, which a text for calibration needs; leave the text out to use what the model generates.", path);
        using var reader = new StreamReader(path);
        var characters = new char[MostFileCharacters];
        var sequences = Sequences(new string(characters, 0, reader.ReadBlock(characters, 0, characters.Length)));
        return sequences.Count > 0 ? sequences : throw new ModelLoadException("the text for calibration is empty.", path);
    }

    /// <summary>Some text in several languages and notations; nothing where there is no tokenizer.</summary>
    public IReadOnlyList<int[]> OfBuiltInText() => tokenizer is null ? [] : Sequences(CalibrationText.Value);

    /// <summary>Any tokens whatever: what is rare shows up too.</summary>
    public IReadOnlyList<int[]> AtRandom()
    {
        var random = new Random(Seed);
        return Split(Enumerable.Range(0, FewTokens).Select(_ => random.Next(vocabularySize)));
    }

    /// <summary>What a model generates by itself, with its probabilities, in slot 0.</summary>
    /// <param name="decoder">The model.</param>
    /// <param name="generated">Called after each sequence with the number of its tokens that were computed.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TokenSelectionException">The model gives no numbers.</exception>
    public void Generate(IDecoder decoder, Action<int> generated, CancellationToken cancellationToken)
    {
        var sampler = new TokenSampler(new GenerationOptions { Temperature = 1 }, new SamplingWorkspace(vocabularySize), [], Seed);
        for (var done = 0; done < FewTokens; done += mostTokens)
        {
            var token = _begin ?? 0;
            var count = Math.Min(mostTokens, FewTokens - done);
            for (var i = 0; i < count; i++) token = sampler.Choose(decoder.Prefill(0, i, [token], logitsCount: 1, cancellationToken));
            generated(count);
        }
    }

    private List<int[]> Sequences(string text)
    {
        var tokens = tokenizer!.Encode(text, addSpecialTokens: false, parseSpecialTokens: false).Where(token => token < vocabularySize).Take(MostFileTokens);
        return Split(tokens);
    }

    private List<int[]> Split(IEnumerable<int> tokens) => [.. tokens.Chunk(Math.Max(1, mostTokens - 1)).Select(Begun)];

    private int[] Begun(int[] tokens) => _begin is { } begin ? [begin, .. tokens.Take(mostTokens - 1)] : tokens;
}
