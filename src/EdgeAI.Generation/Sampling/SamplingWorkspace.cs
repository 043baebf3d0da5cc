namespace EdgeAI.Generation;

/// <summary>Buffers for choosing a token of one vocabulary, which all sequences of a thread use in turn. Not thread-safe.</summary>
internal sealed class SamplingWorkspace(int vocabularySize)
{
    private float[]? _logits;
    private Candidates? _candidates;
    private Nucleus? _nucleus;

    public int VocabularySize => vocabularySize;

    /// <summary>Room for one row of logits.</summary>
    public Span<float> Logits => _logits ??= new float[vocabularySize];

    public Candidates Candidates => _candidates ??= new Candidates(vocabularySize);

    public Nucleus Nucleus => _nucleus ??= new Nucleus(vocabularySize);
}
