using System.Numerics;
using System.Text;

namespace EdgeAI.Generation;

/// <summary>
/// Random numbers that are a function of their place: any range can be made at any time, by any thread. Each is a 32-bit hash of key and index (C. Wellons'
/// "lowbias32" mixer), eight or more at a time; about 1 G values/s a core. Good enough for weights, not for statistics.
/// </summary>
internal static class CounterRandom
{
    private const uint Golden = 0x9E3779B9;

    /// <summary>A key from a name and a seed (FNV-1a).</summary>
    public static uint KeyOf(string name, uint seed)
    {
        var hash = 2166136261u ^ Mix(seed);
        foreach (var value in Encoding.UTF8.GetBytes(name)) hash = (hash ^ value) * 16777619;
        return Mix(hash);
    }

    /// <summary>Writes values uniform in center ± range.</summary>
    /// <param name="key">Which sequence.</param>
    /// <param name="firstIndex">The place of the first value in it.</param>
    /// <param name="center">Their mean.</param>
    /// <param name="range">Their largest distance from it.</param>
    /// <param name="destination">Receives the values.</param>
    public static void FillUniform(uint key, long firstIndex, float center, float range, Span<float> destination)
    {
        while (!destination.IsEmpty)
        {
            // The index is hashed in 32 bits; what lies above changes the key.
            var (low, high) = ((uint)firstIndex, (uint)(firstIndex >> 32));
            var count = (int)long.Min(destination.Length, (1L << 32) - low);
            Fill(high == 0 ? key : Mix(key ^ high), low, center, range, destination[..count]);
            destination = destination[count..];
            firstIndex += count;
        }
    }

    private static void Fill(uint key, uint firstIndex, float center, float range, Span<float> destination)
    {
        var scale = range / (1u << 31);
        var counters = (Vector.CreateSequence(firstIndex, 1u) * Golden) + new Vector<uint>(key);
        var step = new Vector<uint>((uint)Vector<uint>.Count * Golden);
        var i = 0;
        for (; i <= destination.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            ((Vector.ConvertToSingle(Vector.AsVectorInt32(Mix(counters))) * scale) + new Vector<float>(center)).CopyTo(destination[i..]);
            counters += step;
        }

        for (; i < destination.Length; i++) destination[i] = ((int)Mix(((firstIndex + (uint)i) * Golden) + key) * scale) + center;
    }

    private static Vector<uint> Mix(Vector<uint> x)
    {
        x ^= x >>> 16;
        x *= 0x7FEB352D;
        x ^= x >>> 15;
        x *= 0x846CA68B;
        return x ^ (x >>> 16);
    }

    private static uint Mix(uint x)
    {
        x ^= x >> 16;
        x *= 0x7FEB352D;
        x ^= x >> 15;
        x *= 0x846CA68B;
        return x ^ (x >> 16);
    }
}
