using System.Runtime.InteropServices;

namespace EdgeAI.Evaluation;

/// <summary>Numbers without a pattern that a processor or a memory could shorten, neither zero nor too small to be normal. The same in every run.</summary>
internal static class ProbeNoise
{
    // Not a multiple of any row: what repeats must not line up.
    private const int Length = 261_121;
    private const int Seed = 1;

    /// <summary>Uniform numbers up to a bound; others for another seed.</summary>
    public static float[] Floats(int count, float bound, int seed = Seed)
    {
        var random = new Random(seed);
        var values = new float[count];
        foreach (ref var value in values.AsSpan()) value = ((2 * random.NextSingle()) - 1) * bound;
        return values;
    }

    /// <summary>Writes floats up to a bound. Weights of one graph need seeds of their own: ONNX Runtime keeps equal ones once, and reading them then tells nothing (seen: 76 GB/s where memory gives 26).</summary>
    public static void Write(Stream stream, long bytes, float bound, int seed) =>
        Repeat(stream, bytes, MemoryMarshal.AsBytes(Floats((int)Math.Min(Length, (bytes + sizeof(float) - 1) / sizeof(float)), bound, seed).AsSpan()));

    /// <summary>Writes bytes.</summary>
    public static void Write(Stream stream, long bytes)
    {
        var noise = new byte[Math.Min(Length, bytes)];
        new Random(Seed).NextBytes(noise);
        Repeat(stream, bytes, noise);
    }

    private static void Repeat(Stream stream, long bytes, ReadOnlySpan<byte> pattern)
    {
        for (var left = bytes; left > 0; left -= pattern.Length) stream.Write(pattern[..(int)Math.Min(left, pattern.Length)]);
    }
}
