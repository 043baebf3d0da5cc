using System.Globalization;
using System.Text;

namespace EdgeAI;

/// <summary>Arithmetic on the lengths of a tensor's axes. All members are pure and thread-safe.</summary>
public static class TensorShape
{
    /// <summary>The number of elements: the product of the lengths, 1 for a scalar (no axes).</summary>
    /// <param name="lengths">Lengths of the axes, outermost first; none negative.</param>
    /// <param name="elementCount">The product; 0 where the method returns <see langword="false"/>.</param>
    /// <returns><see langword="false"/> when a length is negative or the product overflows.</returns>
    public static bool TryGetElementCount(ReadOnlySpan<nint> lengths, out nint elementCount)
    {
        elementCount = 0;
        nint product = 1;
        var isEmpty = false;
        foreach (var length in lengths)
        {
            if (length < 0) return false;
            if (length == 0)
            {
                isEmpty = true;
                continue;
            }

            if (product > nint.MaxValue / length) return false;
            product *= length;
        }

        elementCount = isEmpty ? 0 : product;
        return true;
    }

    /// <summary>The number of elements: the product of the lengths, 1 for a scalar.</summary>
    /// <exception cref="InvalidInputException">A length is negative or the product overflows.</exception>
    public static nint GetElementCount(ReadOnlySpan<nint> lengths) =>
        TryGetElementCount(lengths, out var count)
            ? count
            : throw new InvalidInputException([$"the lengths {Format(lengths)} are negative or too large; every length must be 0 or more and their product at most {nint.MaxValue}"]);

    /// <summary>The lengths as text, such as <c>[1,3,224,224]</c>; a dynamic length shows as <c>?</c>, or by its name where it has one.</summary>
    public static string Format(ReadOnlySpan<nint> lengths, IReadOnlyList<string?>? names = null)
    {
        var text = new StringBuilder("[");
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (axis > 0) text.Append(',');
            if (lengths[axis] == -1) text.Append(names?[axis] ?? "?");
            else text.Append(lengths[axis].ToString(CultureInfo.InvariantCulture));
        }

        return text.Append(']').ToString();
    }
}
