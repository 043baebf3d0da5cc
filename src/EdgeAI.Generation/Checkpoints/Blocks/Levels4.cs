using System.Runtime.Intrinsics;

namespace EdgeAI.Generation;

/// <summary>The sixteen levels, not evenly spaced, that codes of <see cref="WeightFormat.IQ4_NL"/> and <see cref="WeightFormat.IQ4_XS"/> stand for (ggml's <c>kvalues_iq4nl</c>).</summary>
internal static class Levels4
{
    private static readonly Vector128<sbyte> _levels = Vector128.Create(-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113);

    /// <summary>Writes 32 values: those of the low nibbles of 16 bytes, then those of the high ones.</summary>
    public static void Write(ReadOnlySpan<byte> nibbles, float scale, Span<float> destination)
    {
        var bytes = Vector128.Create(nibbles);
        Codes.Write(Vector128.Shuffle(_levels, Codes.LowNibbles(bytes).AsSByte()), scale, destination);
        Codes.Write(Vector128.Shuffle(_levels, Codes.HighNibbles(bytes).AsSByte()), scale, destination[Codes.Count..]);
    }
}
