using System.Globalization;

namespace EdgeAI.Testing.Conformance;

/// <summary>Compares tensors in host memory.</summary>
internal static class TensorAssert
{
    /// <summary>Fails unless type, lengths and elements agree: floats to the tolerance, relative to the larger of 1 and the expected; all else exactly.</summary>
    public static void AreClose(TensorValue expected, TensorValue actual, float tolerance, string what)
    {
        Assert.AreEqual(expected.ElementType, actual.ElementType, $"{what}: the element type differs.");
        Assert.IsTrue(expected.Lengths.SequenceEqual(actual.Lengths), $"{what}: expected the lengths {TensorShape.Format(expected.Lengths)} but got {TensorShape.Format(actual.Lengths)}.");
        if (expected.ElementType == TensorElementType.Float32)
        {
            AreClose(expected.AsSpan<float>(), actual.AsSpan<float>(), tolerance, what);
        }
        else
        {
            Assert.IsTrue(expected.AsSpan<long>().SequenceEqual(actual.AsSpan<long>()), $"{what}: elements differ.");
        }
    }

    private static void AreClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance, string what)
    {
        for (var i = 0; i < expected.Length; i++)
        {
            if (MathF.Abs(expected[i] - actual[i]) <= tolerance * MathF.Max(1, MathF.Abs(expected[i]))) continue;
            Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"{what}: element {i} is {actual[i]} but should be {expected[i]} (tolerance {tolerance})."));
        }
    }
}
