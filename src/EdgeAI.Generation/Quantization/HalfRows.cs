using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;

namespace EdgeAI.Generation;

/// <summary>Rows of floats as 16-bit floats, rounded to nearest, ties to even. Thread-safe, allocates nothing.</summary>
internal static class HalfRows
{
    /// <summary>To binary16.</summary>
    /// <exception cref="ModelLoadException">A value is not finite, or too large for binary16 (over 65504).</exception>
    public static void ToHalf(ReadOnlySpan<float> values, Span<Half> destination, string? weightName = null)
    {
        // 65520 and more round to infinity.
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(values)) < 65520f)) throw NotRepresentable(weightName, "binary16, which ends at 65504");
        TensorPrimitives.ConvertToHalf(values, destination);
    }

    /// <summary>To bfloat16: exact for weights that were published as such.</summary>
    /// <exception cref="ModelLoadException">A value is not finite, or rounds to infinity.</exception>
    public static void ToBFloat16(ReadOnlySpan<float> values, Span<BFloat16> destination, string? weightName = null)
    {
        if (!(Math.Abs(TensorPrimitives.MaxMagnitude(values)) < 3.3961775e38f)) throw NotRepresentable(weightName, "bfloat16");
        if (destination.Length < values.Length) throw new ArgumentException($"{values.Length} values do not fit into {destination.Length}.", nameof(destination));
        var source = MemoryMarshal.Cast<float, uint>(values);
        var target = MemoryMarshal.Cast<BFloat16, ushort>(destination);
        var width = Vector<ushort>.Count;
        var at = 0;
        for (; at <= source.Length - width; at += width)
        {
            Vector.Narrow(Round(new Vector<uint>(source[at..])), Round(new Vector<uint>(source[(at + width / 2)..]))).CopyTo(target[at..]);
        }

        for (; at < source.Length; at++) target[at] = ((BFloat16)values[at]).ToBits();
    }

    private static Vector<uint> Round(Vector<uint> bits) => (bits + new Vector<uint>(0x7FFF) + (bits >>> 16 & Vector<uint>.One)) >>> 16;

    private static ModelLoadException NotRepresentable(string? weightName, string format) =>
        new($"Weight '{weightName ?? "?"}' holds a value that is not finite or too large for {format}; build it with full precision.");
}
