using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeAI.TrainDigits;

/// <summary>
/// Arithmetic that rounds the same way on every processor. <see cref="TensorPrimitives"/> adds up in an order that depends on the
/// width of the processor's vectors, so sums are made here, in 32 partial sums whatever the width; what works element by element
/// is the same everywhere as long as each multiplication and addition is fused, or is not, by name.
/// </summary>
internal static class FixedOrder
{
    private const int Lanes = 8;
    private const int Unrolled = 4 * Lanes;

    /// <summary>The sum of the products. Both have the same length.</summary>
    public static float Dot(ReadOnlySpan<float> x, ReadOnlySpan<float> y)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(y.Length, x.Length);
        ref var a = ref MemoryMarshal.GetReference(x);
        ref var b = ref MemoryMarshal.GetReference(y);
        Vector256<float> s0 = default, s1 = default, s2 = default, s3 = default;
        nuint i = 0;
        for (; i + Unrolled <= (nuint)x.Length; i += Unrolled)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), s0);
            s1 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i + Lanes), Vector256.LoadUnsafe(ref b, i + Lanes), s1);
            s2 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i + (2 * Lanes)), Vector256.LoadUnsafe(ref b, i + (2 * Lanes)), s2);
            s3 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i + (3 * Lanes)), Vector256.LoadUnsafe(ref b, i + (3 * Lanes)), s3);
        }

        for (; i + Lanes <= (nuint)x.Length; i += Lanes)
        {
            s0 = Vector256.FusedMultiplyAdd(Vector256.LoadUnsafe(ref a, i), Vector256.LoadUnsafe(ref b, i), s0);
        }

        var folded = (s0 + s1) + (s2 + s3);
        var sum = 0f;
        for (var lane = 0; lane < Lanes; lane++) sum += folded[lane];
        for (; i < (nuint)x.Length; i++) sum = MathF.FusedMultiplyAdd(x[(int)i], y[(int)i], sum);
        return sum;
    }

    /// <summary>Adds the multiple of a row to another.</summary>
    public static void AddScaled(ReadOnlySpan<float> row, float factor, Span<float> target) =>
        TensorPrimitives.FusedMultiplyAdd(row, factor, target, target);
}
