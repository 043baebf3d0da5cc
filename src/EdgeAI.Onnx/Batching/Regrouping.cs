using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Operators that read the same elements, in the same order, under another shape. The rows stay apart where as much lies before their axis
/// as did, and the axis is still a multiple of their number: then each row is the run of elements that it was.
/// </summary>
internal static class Regrouping
{
    private const string Folds = "puts elements of different rows together";

    /// <summary>Sets output 0 to a value under another shape.</summary>
    /// <param name="step">The node.</param>
    /// <param name="value">The value.</param>
    /// <param name="shape">Its new shape.</param>
    public static void Apply(NodeStep step, BatchValue value, ImmutableArray<Term> shape)
    {
        if (!value.HasRows)
        {
            if (shape.Any(length => length.HasRows)) step.Refuse("shapes what all rows share by their number");
            else step.Set(0, BatchValue.Shared(shape));
            return;
        }

        if (BatchValue.Shaped(shape) is not { HasRows: true } result || Before(result) != Before(value) || Before(value) is null) step.Refuse(Folds);
        else step.Set(0, result);
    }

    /// <summary>The shape that a <c>Reshape</c> asks for, its wildcards resolved; <see langword="null"/>, with the node refused, where it cannot be told.</summary>
    public static ImmutableArray<Term>? Resolve(NodeStep step, BatchValue value, ImmutableArray<Term> target, bool copiesZeros)
    {
        var shape = target.ToArray();
        var inferred = -1;
        for (var axis = 0; axis < shape.Length; axis++)
        {
            if (copiesZeros && shape[axis].Is(0) && axis < value.Rank) shape[axis] = value.Shape!.Value[axis];
            else if (shape[axis].Is(-1)) inferred = axis;
            else if (shape[axis].IsLength) continue;
            else if (!shape[axis].HasRows) shape[axis] = step.Symbols.NewLength();
            else return Refuse(step);
        }

        if (inferred < 0) return [.. shape];
        var others = Term.Product(shape.Where((_, axis) => axis != inferred));
        var whole = Term.Product(value.Shape!.Value);
        if (whole is { } total && others is { } divisor && Term.Divide(total, divisor) is { } quotient) shape[inferred] = quotient;
        else if (!value.HasRows || others is { IsMultipleOfRows: true }) shape[inferred] = step.Symbols.NewLength();
        else return Refuse(step);
        return [.. shape];
    }

    private static ImmutableArray<Term>? Refuse(NodeStep step)
    {
        step.Refuse(Folds);
        return null;
    }

    private static Term? Before(BatchValue value) => Term.Product(value.Shape!.Value.Take(value.Axis!.Value));
}
