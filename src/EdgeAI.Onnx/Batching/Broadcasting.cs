using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Operators that pair elements by broadcasting (ONNX specification, Broadcasting in ONNX): shapes align at their last axes. Rows must meet rows of
/// the same number, or a length of 1: any other length would fit only one number of rows, and mean something else there.
/// </summary>
internal static class Broadcasting
{
    /// <summary>The rule of an operator that pairs all its inputs.</summary>
    public static void All(NodeStep step)
    {
        if (Combine(step, step.Inputs) is not { } result) return;
        for (var output = 0; output < step.Node.Outputs.Length; output++) step.Set(output, result);
    }

    /// <summary>The result of pairing values; <see langword="null"/>, with the node refused, where rows could meet others. Values left out are skipped.</summary>
    public static BatchValue? Combine(NodeStep step, params IEnumerable<BatchValue?> inputs)
    {
        var values = inputs.OfType<BatchValue>().ToArray();
        var rows = values.FirstOrDefault(value => value.HasRows);
        if (values.Length == 0 || values.Any(value => value.Shape is null))
        {
            if (rows is null) return BatchValue.Unknown;
            step.Refuse("pairs the rows with a tensor of unknown rank");
            return null;
        }

        var rank = values.Max(value => value.Rank);
        if (rows is not null && !Align(step, values, rows, rank)) return null;
        var shape = ImmutableArray.CreateBuilder<Term>(rank);
        for (var axis = 0; axis < rank; axis++) shape.Add(Merge(step, values, rank, axis));
        return BatchValue.Shaped(shape.MoveToImmutable());
    }

    /// <summary>Whether a shared operand leaves the rows alone when it is broadcast to their tensor.</summary>
    public static bool LeavesRows(NodeStep step, BatchValue rows, BatchValue? shared) => shared is null || Combine(step, rows, shared) is { } result && result.Rank == rows.Rank;

    private static bool Align(NodeStep step, BatchValue[] values, BatchValue rows, int rank)
    {
        var fromEnd = rows.Rank - rows.Axis!.Value;
        foreach (var value in values)
        {
            if (value.HasRows && value.Rank - value.Axis == fromEnd && value.RowLength == rows.RowLength) continue;
            if (!value.HasRows && (value.Rank < fromEnd || value.Shape!.Value[^fromEnd].Is(1))) continue;
            step.Refuse(value.HasRows
                ? $"pairs rows of axis {rank - fromEnd} with rows of axis {rank - value.Rank + value.Axis}"
                : $"pairs the rows of axis {rank - fromEnd} with {value.Shape!.Value[^fromEnd].Describe()} shared values");
            return false;
        }

        return true;
    }

    private static Term Merge(NodeStep step, BatchValue[] values, int rank, int axis)
    {
        Term? merged = null;
        foreach (var value in values)
        {
            var own = axis - (rank - value.Rank);
            if (own < 0) continue;
            var length = value.Shape!.Value[own];
            if (merged is null || merged.Value.Is(1)) merged = length;
            else if (length.Is(1) || length == merged) continue;
            else if (length.IsConstant && !merged.Value.IsConstant) merged = length;
            else if (!merged.Value.IsConstant) merged = step.Symbols.NewLength();
        }

        return merged ?? Term.One;
    }
}
