using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>
/// The tokens that are still to be sampled from, in the order of their ids, so that small differences of logits do not change which one a random number means.
/// Each filter keeps the head of the same ranking, so together they keep the shortest. Buffers for one vocabulary, used again; not thread-safe.
/// </summary>
internal sealed class Candidates(int vocabularySize)
{
    // With the maxima of short blocks a lower bound of the k-th largest is found without looking at each logit.
    private const int Block = 64;

    private readonly ulong[] _ranks = new ulong[vocabularySize];
    private readonly float[] _weights = new float[vocabularySize];
    private readonly ulong[] _rankScratch = new ulong[vocabularySize];
    private readonly float[] _weightScratch = new float[vocabularySize];
    private int _count;

    public int Count => _count;

    /// <summary>The tokens left, as <see cref="TokenRank"/>s.</summary>
    public ReadOnlySpan<ulong> Ranks => _ranks.AsSpan(0, _count);

    /// <summary>Begins with all tokens whose logit is so large at least. Negative infinity is never taken.</summary>
    public void Gather(ReadOnlySpan<float> logits, float floor) => TryGather(logits, floor, int.MaxValue);

    /// <summary>Begins with all tokens whose logit is so large at least, where these are not many more than so many. Negative infinity is never taken.</summary>
    /// <returns><see langword="false"/> where they are.</returns>
    public bool TryGather(ReadOnlySpan<float> logits, float floor, int most)
    {
        _count = 0;
        floor = Math.Max(floor, float.MinValue);
        var bound = Vector256.Create(floor);
        var i = 0;
        for (; i + Vector256<float>.Count <= logits.Length; i += Vector256<float>.Count)
        {
            var hits = Vector256.GreaterThanOrEqual(Vector256.Create(logits[i..]), bound).ExtractMostSignificantBits();
            if (hits == 0) continue;
            if (_count > most) return false;
            for (; hits != 0; hits &= hits - 1) Add(logits, i + BitOperations.TrailingZeroCount(hits));
        }

        for (; i < logits.Length; i++)
        {
            if (logits[i] >= floor) Add(logits, i);
        }

        return true;
    }

    /// <summary>Begins with the so many most probable tokens.</summary>
    public void GatherTop(ReadOnlySpan<float> logits, int count)
    {
        Gather(logits, FloorOfTop(logits, count));
        if (_count <= count) return;
        Ranks.CopyTo(_rankScratch);
        KeepFrom(RankSelection.LastOf(_rankScratch.AsSpan(0, _count), count));
    }

    /// <summary>Weighs each token with exp((logit - max) / temperature).</summary>
    /// <returns>The sum.</returns>
    public double Weigh(float max, float temperature)
    {
        var weights = _weights.AsSpan(0, _count);
        for (var i = 0; i < weights.Length; i++) weights[i] = TokenRank.Logit(_ranks[i]);
        Softmax.Exponentials(weights, max, temperature, weights);
        return Sum();
    }

    /// <summary>Keeps the fewest most probable tokens whose weights reach a sum: top-p.</summary>
    public void KeepReaching(double sum)
    {
        Ranks.CopyTo(_rankScratch);
        _weights.AsSpan(0, _count).CopyTo(_weightScratch);
        KeepFrom(RankSelection.LastReaching(_rankScratch.AsSpan(0, _count), _weightScratch.AsSpan(0, _count), sum));
    }

    /// <summary>Keeps the tokens with so much weight at least, where the most probable one has 1: min-p.</summary>
    public void KeepWeights(float least)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_weights[i] >= least) (_ranks[kept], _weights[kept++]) = (_ranks[i], _weights[i]);
        }

        _count = kept;
    }

    /// <summary>The token at a point of the cumulative distribution.</summary>
    /// <param name="point">0 to less than 1.</param>
    public int Draw(double point)
    {
        var left = point * Sum();
        var last = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_weights[i] == 0) continue;
            last = i;
            if ((left -= _weights[i]) < 0) break;
        }

        return TokenRank.Token(_ranks[last]);
    }

    /// <summary>Puts the most probable tokens first, as many as there is room for.</summary>
    public ReadOnlySpan<ulong> Sorted()
    {
        var sorted = _rankScratch.AsSpan(0, _count);
        Ranks.CopyTo(sorted);
        sorted.Sort();
        sorted.Reverse();
        return sorted;
    }

    private float FloorOfTop(ReadOnlySpan<float> logits, int count)
    {
        var blocks = (logits.Length + Block - 1) / Block;
        if (count > blocks) return float.MinValue;
        for (var block = 0; block < blocks; block++)
        {
            _rankScratch[block] = TokenRank.Of(TensorPrimitives.Max(logits[(block * Block)..Math.Min((block + 1) * Block, logits.Length)]), block);
        }

        return TokenRank.Logit(RankSelection.LastOf(_rankScratch.AsSpan(0, blocks), count));
    }

    private void KeepFrom(ulong least)
    {
        var kept = 0;
        for (var i = 0; i < _count; i++)
        {
            if (_ranks[i] >= least) (_ranks[kept], _weights[kept++]) = (_ranks[i], _weights[i]);
        }

        _count = kept;
    }

    private void Add(ReadOnlySpan<float> logits, int token) => _ranks[_count++] = TokenRank.Of(logits[token], token);

    private double Sum()
    {
        var sum = 0.0;
        foreach (var weight in _weights.AsSpan(0, _count)) sum += weight;
        return sum;
    }
}
