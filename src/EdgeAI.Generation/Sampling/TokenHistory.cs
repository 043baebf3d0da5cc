namespace EdgeAI.Generation;

/// <summary>How often each token came in a sequence, counted as tokens come, so that a step costs what different tokens there are. Not thread-safe.</summary>
internal sealed class TokenHistory
{
    // The lowest bit says whether the prompt has the token, the others count the answer's.
    private const int InPrompt = 1, OneInAnswer = 2;

    private readonly int[] _counts;
    private int[] _tokens;
    private int _length;

    /// <param name="vocabularySize">Ids are less.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="expectedTokens">Up to so many tokens of the answer, nothing is allocated.</param>
    public TokenHistory(int vocabularySize, ReadOnlySpan<int> prompt, int expectedTokens)
    {
        _counts = new int[vocabularySize];
        _tokens = new int[(int)Math.Min(vocabularySize, (long)prompt.Length + expectedTokens)];
        foreach (var token in prompt) Note(token) |= InPrompt;
    }

    /// <summary>A token of the answer.</summary>
    public void Add(int token) => Note(token) += OneInAnswer;

    /// <summary>Applies the penalties to the logits of tokens that have come: repetition first, then presence and frequency.</summary>
    public void Penalise(Span<float> logits, GenerationOptions options)
    {
        foreach (var token in _tokens.AsSpan(0, _length))
        {
            ref var logit = ref logits[token];
            logit = logit > 0 ? logit / options.RepetitionPenalty : logit * options.RepetitionPenalty;
            var count = _counts[token] >> 1;
            if (count > 0) logit -= options.PresencePenalty + (count * options.FrequencyPenalty);
        }
    }

    private ref int Note(int token)
    {
        ref var count = ref _counts[token];
        if (count != 0) return ref count;
        if (_length == _tokens.Length) Array.Resize(ref _tokens, Math.Min(_counts.Length, Math.Max(16, 2 * _length)));
        _tokens[_length++] = token;
        return ref count;
    }
}
