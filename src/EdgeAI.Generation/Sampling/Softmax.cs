using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace EdgeAI.Generation;

/// <summary>Exponentials of logits below their maximum, so that none overflows, in pieces that stay in the first-level cache. Pure.</summary>
internal static class Softmax
{
    private const int Piece = 2048;

    /// <summary>exp((x - max) / temperature).</summary>
    public static void Exponentials(ReadOnlySpan<float> logits, float max, float temperature, Span<float> destination)
    {
        TensorPrimitives.Subtract(logits, max, destination);
        if (temperature != 1) TensorPrimitives.Divide(destination, temperature, destination);
        TensorPrimitives.Exp(destination, destination);
    }

    /// <summary>Sum of exp((x - max) / temperature).</summary>
    [SkipLocalsInit]
    public static double Sum(ReadOnlySpan<float> logits, float max, float temperature = 1)
    {
        Span<float> weights = stackalloc float[Piece];
        var sum = 0.0;
        while (!logits.IsEmpty)
        {
            var length = Math.Min(Piece, logits.Length);
            Exponentials(logits[..length], max, temperature, weights[..length]);
            sum += TensorPrimitives.Sum<float>(weights[..length]);
            logits = logits[length..];
        }

        return sum;
    }

    /// <summary>The token at a point of the cumulative distribution in the order of ids: with a random point, a sample.</summary>
    /// <param name="logits">Those of all tokens.</param>
    /// <param name="max">Their maximum, which is finite.</param>
    /// <param name="temperature">Over 0.</param>
    /// <param name="point">0 to less than 1.</param>
    [SkipLocalsInit]
    public static int Draw(ReadOnlySpan<float> logits, float max, float temperature, double point)
    {
        Span<float> weights = stackalloc float[Piece];
        var left = point * Sum(logits, max, temperature);
        var (first, token) = (0, -1);
        while (first < logits.Length)
        {
            var piece = logits[first..Math.Min(first + Piece, logits.Length)];
            Exponentials(piece, max, temperature, weights[..piece.Length]);
            var sum = TensorPrimitives.Sum<float>(weights[..piece.Length]);

            // Where rounding lets the point lie behind the end of a piece, the last token that has a weight is meant.
            if (left < sum && Find(weights[..piece.Length], left) is >= 0 and var found) return first + found;
            left = Math.Max(0, left - sum);
            if (weights[..piece.Length].LastIndexOfAnyExcept(0f) is >= 0 and var last) token = first + last;
            first += piece.Length;
        }

        return token;
    }

    private static int Find(ReadOnlySpan<float> weights, double left)
    {
        var last = -1;
        for (var i = 0; i < weights.Length; i++)
        {
            if (weights[i] == 0) continue;
            last = i;
            if ((left -= weights[i]) < 0) return i;
        }

        return last;
    }
}
