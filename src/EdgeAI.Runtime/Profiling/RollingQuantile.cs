namespace EdgeAI.Profiling;

/// <summary>
/// Quantiles of the last 256 ratios, from a histogram of their logarithms between 1/4 and 4; what lies outside counts as the nearer end.
/// Adding and asking cost a few dozen nanoseconds and allocate nothing. A bin is 2 % wide, and the middle of one is exactly 1.
/// </summary>
internal sealed class RollingQuantile
{
    public const double Largest = 4;
    private const int Window = 256;
    private const int Half = 64;
    private static readonly double _width = Math.Log(Largest) / Half;
    private readonly byte[] _recent = new byte[Window];
    private readonly ushort[] _bins = new ushort[(2 * Half) + 1];
    private int _next;

    /// <summary>How many ratios count now, at most 256.</summary>
    public int Count { get; private set; }

    public void Add(double ratio)
    {
        if (Count == Window) _bins[_recent[_next]]--;
        else Count++;
        var bin = (byte)(Half + (int)Math.Round(Math.Log(Math.Clamp(ratio, 1 / Largest, Largest)) / _width));
        _recent[_next] = bin;
        _bins[bin]++;
        _next = (_next + 1) % Window;
    }

    /// <summary>The ratio that the fraction <paramref name="p"/> of the ratios does not exceed; 1 while there is none.</summary>
    public double Value(double p)
    {
        if (Count == 0) return 1;
        var above = Count - (int)Math.Ceiling(p * Count);
        var bin = _bins.Length - 1;
        for (var seen = (int)_bins[bin]; seen <= above; seen += _bins[bin]) bin--;
        return Math.Exp((bin - Half) * _width);
    }

    public void Clear()
    {
        Array.Clear(_bins);
        Count = _next = 0;
    }
}
