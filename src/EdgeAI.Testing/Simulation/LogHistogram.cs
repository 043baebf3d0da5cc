using System.Numerics;

namespace EdgeAI.Testing;

/// <summary>
/// Counts of values in buckets of equal relative width, of a fixed size whatever is added: quantiles are exact below 128 and within 0.8 % above.
/// The layout is that of HdrHistogram (Tene): octaves in 64 equal parts.
/// </summary>
internal sealed class LogHistogram
{
    private const int Parts = 64;
    private const int Exact = 2 * Parts;
    private const int ExactBits = 7;

    private readonly long[] _counts = new long[Exact + ((63 - ExactBits) * Parts)];
    private double _sum;

    public long Count { get; private set; }

    public double Mean => Count == 0 ? 0 : _sum / Count;

    public void Add(long value)
    {
        value = Math.Max(0, value);
        _counts[IndexOf(value)]++;
        _sum += value;
        Count++;
    }

    public void Add(LogHistogram other)
    {
        for (var i = 0; i < _counts.Length; i++) _counts[i] += other._counts[i];
        _sum += other._sum;
        Count += other.Count;
    }

    /// <summary>The value that this share of all values does not exceed; 0 where there is none.</summary>
    public double Quantile(double share)
    {
        var left = Math.Max(1, (long)Math.Ceiling(share * Count));
        for (var i = 0; i < _counts.Length; i++)
        {
            left -= _counts[i];
            if (left <= 0) return MiddleOf(i);
        }

        return 0;
    }

    private static int IndexOf(long value)
    {
        if (value < Exact) return (int)value;
        var octave = BitOperations.Log2((ulong)value) - ExactBits;
        return Exact + (octave * Parts) + (int)(value >> (octave + 1)) - Parts;
    }

    private static double MiddleOf(int index)
    {
        if (index < Exact) return index;
        var (octave, part) = Math.DivRem(index - Exact, Parts);
        return Math.ScaleB(part + Parts + 0.5, octave + 1);
    }
}
