using System.Numerics;

namespace EdgeAI.OnnxRuntime;

/// <summary>Whether two tensors are one answer of the same kernels: floating-point elements within a thousandth (a hundredth in 16 bits) of the largest, all others equal.</summary>
internal static class SameAnswer
{
    // The same kernels in the same order differ at most where they add in an order that changes; a graph that is wrong is wrong by whole values.
    private const double Tolerance = 1e-3, HalfTolerance = 1e-2;

    public static bool Is(TensorValue expected, TensorValue actual)
    {
        if (expected.ElementType != actual.ElementType || !expected.Lengths.SequenceEqual(actual.Lengths)) return false;
        return expected.ElementType switch
        {
            TensorElementType.Float32 => AreNear(expected.AsSpan<float>(), actual.AsSpan<float>(), Tolerance),
            TensorElementType.Float64 => AreNear(expected.AsSpan<double>(), actual.AsSpan<double>(), Tolerance),
            TensorElementType.Float16 => AreNear(expected.AsSpan<Half>(), actual.AsSpan<Half>(), HalfTolerance),
            _ => Bytes(expected).SequenceEqual(Bytes(actual)),
        };
    }

    private static bool AreNear<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, double tolerance)
        where T : unmanaged, INumberBase<T>
    {
        var largest = 0.0;
        foreach (var value in expected)
        {
            if (T.IsFinite(value)) largest = Math.Max(largest, Math.Abs(double.CreateTruncating(value)));
        }

        for (var i = 0; i < expected.Length; i++)
        {
            double x = double.CreateTruncating(expected[i]), y = double.CreateTruncating(actual[i]);
            if (x == y || (double.IsNaN(x) && double.IsNaN(y))) continue;
            if (!(Math.Abs(x - y) <= tolerance * largest)) return false;
        }

        return true;
    }

    private static unsafe ReadOnlySpan<byte> Bytes(TensorValue tensor) => new((void*)tensor.Buffer.Address, checked((int)tensor.ElementType.ByteLength(tensor.ElementCount)));
}
