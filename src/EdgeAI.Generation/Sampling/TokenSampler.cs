using System.Numerics.Tensors;

namespace EdgeAI.Generation;

/// <summary>
/// Chooses the tokens of one sequence. The order is that of Hugging Face Transformers' generation: logit bias, repetition penalty, then presence and frequency penalty as OpenAI's interface
/// defines them, the constraint's mask, temperature, top-k, top-p over what top-k left, min-p. The random number of a token depends on nothing but the seed and its place in
/// the answer: batch-mates change nothing, and a draft is verified by choosing again. A steady step allocates nothing. Not thread-safe, as its workspace is not.
/// </summary>
internal sealed class TokenSampler
{
    // More are not ranked one by one for top-p.
    private const int MostRanked = 4096;

    private readonly GenerationOptions _options;
    private readonly SamplingWorkspace _workspace;
    private readonly KeyValuePair<int, float>[] _bias;
    private readonly TokenHistory? _history;
    private readonly TokenLogProbability[] _top;
    private readonly long _seed;
    private int _topCount;
    private long _place;

    /// <summary>Prepares an answer.</summary>
    /// <param name="options">Valid ones.</param>
    /// <param name="workspace">Of the model's vocabulary; may be shared by all sequences of a thread.</param>
    /// <param name="prompt">The prompt, for the repetition penalty; not kept.</param>
    /// <param name="seed">The options' seed, or where there is none a random one.</param>
    public TokenSampler(GenerationOptions options, SamplingWorkspace workspace, ReadOnlySpan<int> prompt, long seed)
    {
        _options = options;
        _workspace = workspace;
        _seed = seed;
        _bias = [.. options.LogitBias];
        _top = options.TopLogProbabilities is { } top ? new TokenLogProbability[Math.Min(top, workspace.VocabularySize)] : [];
        var isPenalised = options.RepetitionPenalty != 1 || options.PresencePenalty != 0 || options.FrequencyPenalty != 0;
        if (isPenalised) _history = new TokenHistory(workspace.VocabularySize, prompt, options.MaxTokens ?? 1024);
    }

    /// <summary>The natural logarithm of the last token's probability before bias, penalties, mask and temperature; 0 unless the options ask for log probabilities.</summary>
    public float LogProbability { get; private set; }

    /// <summary>The most probable tokens at the last token's place, most probable first; empty unless the options ask for them. Valid until the next choice.</summary>
    public ReadOnlySpan<TokenLogProbability> TopLogProbabilities => _top.AsSpan(0, _topCount);

    /// <summary>Chooses the next token and takes it into account.</summary>
    /// <param name="logits">Those of all tokens; not changed.</param>
    /// <param name="allowed">One bit a token, token 0 in the lowest bit of the first element; empty for all.</param>
    /// <returns>The token; with temperature 0 the most probable, of equal ones the lowest.</returns>
    /// <exception cref="TokenSelectionException">A logit is NaN or positive infinity, or no token is left.</exception>
    public int Choose(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> allowed = default)
    {
        var adjusted = Adjust(logits, allowed);
        var best = IndexOfMax(adjusted);
        var token = _options.Temperature == 0 ? best : Sample(adjusted, adjusted[best]);
        if (_options.TopLogProbabilities is not null) MeasureProbabilities(logits, token);
        Accept(token);
        return token;
    }

    /// <summary>Takes a token of the answer into account that was not chosen here.</summary>
    public void Accept(int token)
    {
        _history?.Add(token);
        _place++;
    }

    private ReadOnlySpan<float> Adjust(ReadOnlySpan<float> logits, ReadOnlySpan<ulong> allowed)
    {
        if (_bias.Length == 0 && _history is null && allowed.IsEmpty) return logits;

        // Looked for in what the model gave: a mask would hide it.
        Check(TensorPrimitives.Max(logits));
        var adjusted = _workspace.Logits;
        logits.CopyTo(adjusted);
        foreach (var (token, bias) in _bias) adjusted[token] += bias;
        _history?.Penalise(adjusted, _options);
        if (!allowed.IsEmpty) TokenMask.Apply(adjusted, allowed);
        return adjusted;
    }

    private int IndexOfMax(ReadOnlySpan<float> logits)
    {
        var best = TensorPrimitives.IndexOfMax(logits);
        Check(logits[best]);
        if (float.IsNegativeInfinity(logits[best])) throw new TokenSelectionException($"No token can be chosen at place {_place} of the answer: none that is allowed has a probability over 0.");

        // 0 and -0 are equal, but not to IndexOfMax.
        for (var i = 0; logits[best] == 0 && i < best; i++)
        {
            if (logits[i] == 0) best = i;
        }

        return best;
    }

    private int Sample(ReadOnlySpan<float> logits, float max)
    {
        var (point, temperature) = (Philox.Uniform(_seed, _place), _options.Temperature);
        var hasTopK = _options.TopK < logits.Length;
        if (!hasTopK && _options.TopP == 1 && _options.MinP == 0) return Softmax.Draw(logits, max, temperature, point);

        var candidates = _workspace.Candidates;
        var all = hasTopK || _options.TopP == 1 ? 0 : Softmax.Sum(logits, max, temperature);
        if (hasTopK) candidates.GatherTop(logits, _options.TopK!.Value);
        else if (!candidates.TryGather(logits, Floor(logits.Length, max, all), all > 0 ? MostRanked : int.MaxValue)) return _workspace.Nucleus.Draw(logits, max, temperature, _options.TopP, _options.MinP, point);
        var sum = candidates.Weigh(max, temperature);
        if (_options.TopP < 1) candidates.KeepReaching(_options.TopP * (hasTopK ? sum : all));
        if (_options.MinP > 0) candidates.KeepWeights(_options.MinP);
        return candidates.Draw(point);
    }

    /// <summary>
    /// Less than this no token's logit can be that top-p or min-p keeps. Tokens with less than (1 - p) / n of all probability have together less than 1 - p, so the others reach p without them.
    /// </summary>
    private float Floor(int count, float max, double sum)
    {
        var least = Math.Max(_options.MinP, (1 - (double)_options.TopP) * sum / count);

        // A little lower, since rounding must not leave out one of the last.
        return (float)(max + (_options.Temperature * Math.Log(least)) - (1e-4 * Math.Max(1, Math.Abs(max))));
    }

    private void MeasureProbabilities(ReadOnlySpan<float> logits, int token)
    {
        var max = TensorPrimitives.Max(logits);
        var normaliser = max + Math.Log(Softmax.Sum(logits, max));
        LogProbability = Normalise(logits[token]);
        _topCount = 0;
        if (_top.Length == 0) return;
        _workspace.Candidates.GatherTop(logits, _top.Length);
        foreach (var rank in _workspace.Candidates.Sorted()) _top[_topCount++] = new TokenLogProbability(TokenRank.Token(rank), Normalise(TokenRank.Logit(rank)));

        float Normalise(float logit) => (float)Math.Min(0, logit - normaliser);
    }

    private void Check(float max)
    {
        if (float.IsNaN(max) || float.IsPositiveInfinity(max)) throw new TokenSelectionException($"No token can be chosen at place {_place} of the answer: a logit is {(float.IsNaN(max) ? "NaN" : "infinite")}, so the model or its weights are broken.");
    }
}
