using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>
/// Samples from the fewest most probable tokens that reach a share of all probability, where these are many: a histogram of the weights says near which logit they end, and only what lies there is ranked. Exact, in a few
/// passes whatever the logits are. Buffers for one vocabulary, used again; not thread-safe.
/// </summary>
internal sealed class Nucleus(int vocabularySize)
{
    private const int Piece = 2048;

    // In turn, so that equal logits do not wait for each other's sum: 16 KB, half a first-level cache.
    private const int Bins = 512, Copies = 4;

    // So many are ranked in some microseconds.
    private const int FewEnough = 2048;

    private readonly double[] _sums = new double[Bins * Copies];
    private readonly double[] _pieces = new double[(vocabularySize + Piece - 1) / Piece];
    private ulong[] _ranks = new ulong[FewEnough];
    private float[] _weights = new float[FewEnough];
    private int _count;

    /// <summary>The token at a point of the cumulative distribution in the order of ids.</summary>
    /// <param name="logits">Those of all tokens.</param>
    /// <param name="max">Their maximum, which is finite.</param>
    /// <param name="temperature">Over 0.</param>
    /// <param name="topP">The share of all probability, over 0 and less than 1.</param>
    /// <param name="minP">Tokens less probable than this share of the most probable one are left out too.</param>
    /// <param name="point">0 to less than 1.</param>
    public int Draw(ReadOnlySpan<float> logits, float max, float temperature, float topP, float minP, double point) =>
        Draw(logits, max, temperature, LeastRank(logits, max, temperature, topP), minP, point);

    /// <summary>The <see cref="TokenRank"/> of the least probable token that is kept.</summary>
    public ulong LeastRank(ReadOnlySpan<float> logits, float max, float temperature, float topP)
    {
        // Tokens with less than (1 - p) / n of the most probable one's weight have together less than 1 - p of all: the nucleus ends before them.
        var width = (float)(temperature * Math.Log(logits.Length / (1 - (double)topP)) * 1.001) + (1e-5f * Math.Max(1, Math.Abs(max)));
        var scale = Bins / width;
        Measure(logits, max, temperature, scale);
        var total = TensorPrimitives.Sum<double>(_sums);
        var (bin, before) = FindBin(topP * total);
        Gather(logits, max, temperature, scale, bin);
        return LeastOfGathered((topP * total) - before);
    }

    /// <summary>Sums the weights of each range of logits.</summary>
    [SkipLocalsInit]
    private void Measure(ReadOnlySpan<float> logits, float max, float temperature, float scale)
    {
        Span<float> weights = stackalloc float[Piece];
        Array.Clear(_sums);
        for (var first = 0; first < logits.Length; first += Piece)
        {
            var piece = logits[first..Math.Min(first + Piece, logits.Length)];
            Softmax.Exponentials(piece, max, temperature, weights[..piece.Length]);
            for (var i = 0; i < piece.Length; i++) _sums[(BinOf(piece[i], max, scale) * Copies) + (i % Copies)] += weights[i];
        }
    }

    private static int BinOf(float logit, float top, float scale) => (int)Math.Min((top - logit) * scale, Bins - 1);

    /// <summary>Where the sum is reached, and what lies before it.</summary>
    private (int Bin, double Before) FindBin(double sum)
    {
        var (last, before, reached) = (0, 0.0, 0.0);
        for (var bin = 0; bin < Bins; bin++)
        {
            var own = 0.0;
            for (var copy = 0; copy < Copies; copy++) own += _sums[(bin * Copies) + copy];
            if (own == 0) continue;
            (last, before) = (bin, reached);
            reached += own;
            if (reached >= sum) break;
        }

        return (last, before);
    }

    [SkipLocalsInit]
    private void Gather(ReadOnlySpan<float> logits, float max, float temperature, float scale, int bin)
    {
        _count = 0;

        // A little wider on both sides; what rounding brings in from the neighbours is left out again.
        var slack = 1e-5f * Math.Max(1, Math.Abs(max)) + (0.01f / scale);
        var high = Vector256.Create(max - (bin / scale) + slack);
        var low = Vector256.Create(bin == Bins - 1 ? float.MinValue : max - ((bin + 1) / scale) - slack);
        var i = 0;
        for (; i + Vector256<float>.Count <= logits.Length; i += Vector256<float>.Count)
        {
            var values = Vector256.Create(logits[i..]);
            var hits = (Vector256.GreaterThanOrEqual(values, low) & Vector256.LessThanOrEqual(values, high)).ExtractMostSignificantBits();
            for (; hits != 0; hits &= hits - 1) AddIfIn(logits, i + System.Numerics.BitOperations.TrailingZeroCount(hits), max, scale, bin);
        }

        for (; i < logits.Length; i++)
        {
            if (!float.IsNegativeInfinity(logits[i])) AddIfIn(logits, i, max, scale, bin);
        }

        var weights = _weights.AsSpan(0, _count);
        for (var index = 0; index < weights.Length; index++) weights[index] = TokenRank.Logit(_ranks[index]);
        Softmax.Exponentials(weights, max, temperature, weights);
    }

    private void AddIfIn(ReadOnlySpan<float> logits, int token, float max, float scale, int bin)
    {
        if (BinOf(logits[token], max, scale) != bin) return;
        if (_count == _ranks.Length)
        {
            Array.Resize(ref _ranks, Math.Min(vocabularySize, 4 * _count));
            Array.Resize(ref _weights, _ranks.Length);
        }

        _ranks[_count++] = TokenRank.Of(logits[token], token);
    }

    /// <summary>The rank at which the gathered tokens, the most probable first, reach a sum.</summary>
    private ulong LeastOfGathered(double sum)
    {
        while (_count > FewEnough)
        {
            var (low, high) = (ulong.MaxValue, 0UL);
            foreach (var rank in _ranks.AsSpan(0, _count)) (low, high) = (Math.Min(low, rank), Math.Max(high, rank));
            var (least, most) = (TokenRank.Logit(low), TokenRank.Logit(high));

            // Equal ones are ranked by their ids, in whose order they are.
            if (least == most) return _ranks[(int)Math.Clamp(Math.Ceiling(sum / _weights[0]) - 1, 0, _count - 1)];
            var scale = (Bins - 1) / (most - least);
            Array.Clear(_sums);
            for (var i = 0; i < _count; i++) _sums[(BinOf(TokenRank.Logit(_ranks[i]), most, scale) * Copies) + (i % Copies)] += _weights[i];
            var (bin, before) = FindBin(sum);
            sum -= before;
            var kept = 0;
            for (var i = 0; i < _count; i++)
            {
                if (BinOf(TokenRank.Logit(_ranks[i]), most, scale) == bin) (_ranks[kept], _weights[kept++]) = (_ranks[i], _weights[i]);
            }

            _count = kept;
        }

        return RankSelection.LastReaching(_ranks.AsSpan(0, _count), _weights.AsSpan(0, _count), sum);
    }

    [SkipLocalsInit]
    private int Draw(ReadOnlySpan<float> logits, float max, float temperature, ulong leastRank, float minP, double point)
    {
        Span<float> weights = stackalloc float[Piece];
        var total = 0.0;
        for (var first = 0; first < logits.Length; first += Piece) total += _pieces[first / Piece] = Weigh(logits, first, max, temperature, leastRank, minP, weights);
        var (left, last, isFound) = (point * total, 0, false);
        for (var first = 0; first < logits.Length && !isFound; first += Piece)
        {
            var sum = _pieces[first / Piece];
            if (sum == 0) continue;
            last = first;
            isFound = left < sum;
            if (!isFound) left -= sum;
        }

        // Where rounding lets the point lie behind the end, the last token is meant.
        if (!isFound) left = double.PositiveInfinity;

        Weigh(logits, last, max, temperature, leastRank, minP, weights);
        var token = last;
        for (var i = 0; i < Math.Min(Piece, logits.Length - last); i++)
        {
            if (weights[i] == 0) continue;
            token = last + i;
            if ((left -= weights[i]) < 0) break;
        }

        return token;
    }

    /// <summary>The weights of a piece, 0 for what is left out.</summary>
    private static double Weigh(ReadOnlySpan<float> logits, int first, float max, float temperature, ulong leastRank, float minP, Span<float> weights)
    {
        var piece = logits[first..Math.Min(first + Piece, logits.Length)];
        weights = weights[..piece.Length];
        Softmax.Exponentials(piece, max, temperature, weights);
        var (least, lastToken) = (TokenRank.Logit(leastRank), TokenRank.Token(leastRank));

        // Of equal logits those of lower tokens are kept.
        var equals = Math.Clamp(lastToken + 1 - first, 0, piece.Length);
        KeepAtLeast(piece[..equals], weights[..equals], least, minP);
        KeepAtLeast(piece[equals..], weights[equals..], MathF.BitIncrement(least), minP);
        return TensorPrimitives.Sum<float>(weights);
    }

    private static void KeepAtLeast(ReadOnlySpan<float> logits, Span<float> weights, float least, float minP)
    {
        var (bound, leastWeight) = (Vector256.Create(least), Vector256.Create(minP));
        var i = 0;
        for (; i + Vector256<float>.Count <= logits.Length; i += Vector256<float>.Count)
        {
            ref var place = ref weights[i];
            var values = Vector256.LoadUnsafe(ref place);
            var keeps = Vector256.GreaterThanOrEqual(Vector256.Create(logits[i..]), bound) & Vector256.GreaterThanOrEqual(values, leastWeight);
            (values & keeps).StoreUnsafe(ref place);
        }

        for (; i < logits.Length; i++)
        {
            if (logits[i] < least || weights[i] < minP) weights[i] = 0;
        }
    }
}
