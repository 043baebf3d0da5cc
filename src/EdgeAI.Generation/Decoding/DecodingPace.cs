namespace EdgeAI.Generation;

/// <summary>
/// How fast a decoder works, as means in which older observations fade; every figure is 0 until there is one. Prompts are counted by tokens, so that large parts weigh more than small ones, and
/// apart where they are computed in turns with decoding, in smaller parts. Written and read by one thread. Times are ticks.
/// </summary>
/// <param name="sharedChunk">Tokens of a prompt in one step while others are decoded.</param>
internal sealed class DecodingPace(int sharedChunk)
{
    // What an observation keeps of those before it.
    private const double Memory = 0.8;

    // Fewer tokens cost about a step, whatever their number.
    private const int FewestTokens = 8;

    private Mean _alone;
    private Mean _shared;
    private Mean _step;
    private Mean _answer;

    /// <summary>When a prompt was last observed; negative before the first.</summary>
    public long ObservedAt { get; private set; } = -1;

    /// <summary>A step that gives each sequence a token.</summary>
    public double Step => _step.Value;

    /// <summary>Tokens of an answer.</summary>
    public double AnswerTokens => _answer.Value;

    /// <summary>A part of a prompt was computed.</summary>
    public void ObservePrompt(int tokens, long ticks, bool isShared, long now)
    {
        if (tokens < FewestTokens) return;
        (isShared ? ref _shared : ref _alone).Add(ticks, tokens);
        ObservedAt = now;
    }

    /// <summary>Tokens of one sequence were computed, those of others beside it or not.</summary>
    public void ObserveStep(long ticks, int tokens) => _step.Add(ticks, tokens);

    /// <summary>An answer is complete.</summary>
    public void ObserveAnswer(int tokens) => _answer.Add(tokens, 1);

    /// <summary>How long a prompt takes.</summary>
    /// <param name="tokens">Its tokens that must be computed.</param>
    /// <param name="isShared">Whether others are decoded meanwhile.</param>
    public double Prompt(int tokens, bool isShared)
    {
        var (alone, shared) = (_alone.Value, _shared.Value);
        var rate = isShared ? (shared > 0 ? shared : alone) : (alone > 0 ? alone : shared);
        var steps = isShared ? (tokens + sharedChunk - 1) / sharedChunk : 0;
        return Math.Max(tokens * rate, Step) + (steps * Step);
    }

    private struct Mean
    {
        private double _sum;
        private double _count;

        public readonly double Value => _count > 0 ? _sum / _count : 0;

        public void Add(double sum, double count)
        {
            _sum = (_sum * Memory) + sum;
            _count = (_count * Memory) + count;
        }
    }
}
