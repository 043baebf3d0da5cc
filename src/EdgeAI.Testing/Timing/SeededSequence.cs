namespace EdgeAI.Testing;

/// <summary>
/// Random numbers by seed and index, without state: run n gets the same number whatever thread asks and in whatever order.
/// SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014).
/// </summary>
internal readonly struct SeededSequence(int seed)
{
    private const ulong GoldenGamma = 0x9E3779B97F4A7C15;

    private readonly ulong _start = Mix((ulong)seed * GoldenGamma);

    /// <summary>64 random bits.</summary>
    public ulong BitsAt(long index) => Mix(_start + ((ulong)index * GoldenGamma));

    /// <summary>A number from 0 up to, but not including, 1.</summary>
    public double UnitAt(long index) => (BitsAt(index) >> 11) * (1.0 / (1L << 53));

    /// <summary>A number from -1 up to, but not including, 1.</summary>
    public double SignedUnitAt(long index) => ((BitsAt(index) >> 11) * (2.0 / (1L << 53))) - 1.0;

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
