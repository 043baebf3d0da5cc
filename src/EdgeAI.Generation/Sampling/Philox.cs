namespace EdgeAI.Generation;

/// <summary>
/// The counter-based random generator Philox 4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011): the number at a place is a pure function
/// of seed and place, so that it does not matter who else draws, or how often.
/// </summary>
internal static class Philox
{
    private const uint MultiplierA = 0xD2511F53, MultiplierB = 0xCD9E8D57;
    private const uint WeylA = 0x9E3779B9, WeylB = 0xBB67AE85;
    private const int Rounds = 10;

    /// <summary>A number from 0 to less than 1, of 53 random bits.</summary>
    /// <param name="seed">The key.</param>
    /// <param name="place">The counter.</param>
    public static double Uniform(long seed, long place)
    {
        var (a, b, _, _) = Block(((uint)place, (uint)(place >>> 32), 0, 0), ((uint)seed, (uint)(seed >>> 32)));
        return (((ulong)a << 32 | b) >> 11) * (1.0 / (1UL << 53));
    }

    public static (uint A, uint B, uint C, uint D) Block((uint A, uint B, uint C, uint D) counter, (uint A, uint B) key)
    {
        for (var round = 0; round < Rounds; round++)
        {
            var first = (ulong)MultiplierA * counter.A;
            var second = (ulong)MultiplierB * counter.C;
            counter = ((uint)(second >> 32) ^ counter.B ^ key.A, (uint)second, (uint)(first >> 32) ^ counter.D ^ key.B, (uint)first);
            key = (unchecked(key.A + WeylA), unchecked(key.B + WeylB));
        }

        return counter;
    }
}
