using System.Numerics;
using System.Runtime.InteropServices;
using EdgeAI.Batching;

namespace EdgeAI.Tuning;

/// <summary>Whether two answers are the same to rounding.</summary>
internal static class AnswerComparison
{
    // Kernels choose other orders of summation by the number of rows: about 1e-5 relative was seen in float32.
    private const double SingleTolerance = 1e-4;
    private const double HalfTolerance = 2e-2;

    /// <summary>Compares type, lengths and elements.</summary>
    /// <param name="a">An answer, in host memory.</param>
    /// <param name="b">Another.</param>
    /// <param name="tolerance">Largest difference of floating-point elements, as a share of the largest magnitude in <paramref name="a"/>; <see langword="null"/>: what the rounding of the type explains. All others must be equal.</param>
    /// <returns><see langword="false"/> also where <paramref name="a"/> has elements that are not finite: they prove nothing.</returns>
    public static bool Agree(TensorValue a, TensorValue b, double? tolerance = null)
    {
        if (a.ElementType != b.ElementType || !a.Lengths.SequenceEqual(b.Lengths)) return false;
        return a.ElementType switch
        {
            TensorElementType.String => a.AsStrings().SequenceEqual(b.AsStrings()),
            TensorElementType.Float32 => Agree<float>(a, b, tolerance ?? SingleTolerance),
            TensorElementType.Float64 => Agree<double>(a, b, tolerance ?? SingleTolerance),
            TensorElementType.Float16 => Agree<Half>(a, b, tolerance ?? HalfTolerance),
            _ => TensorBytes.Of(a).SequenceEqual(TensorBytes.Of(b)),
        };
    }

    private static bool Agree<T>(TensorValue a, TensorValue b, double tolerance) where T : unmanaged, INumber<T> =>
        Agree(MemoryMarshal.Cast<byte, T>(TensorBytes.Of(a)), MemoryMarshal.Cast<byte, T>(TensorBytes.Of(b)), tolerance);

    private static bool Agree<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, double tolerance) where T : INumber<T>
    {
        var largest = 0.0;
        foreach (var value in a) largest = Math.Max(largest, Math.Abs(double.CreateChecked(value)));
        if (!double.IsFinite(largest)) return false;
        for (var i = 0; i < a.Length; i++)
        {
            // Not a number compares false: an answer that cannot be compared proves nothing.
            if (!(Math.Abs(double.CreateChecked(a[i]) - double.CreateChecked(b[i])) <= (tolerance * largest) + 1e-7)) return false;
        }

        return true;
    }
}
