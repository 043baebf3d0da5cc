using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Operators that order, cut, join or repeat along axes.</summary>
internal static class AxisRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Transpose", new BatchRule(Transpose)),
        ("Concat", new BatchRule(Concat)),
        ("Split", new BatchRule(Split)),
        ("Slice", new BatchRule(Slice, CountInputs: 0b110)),
        ("Pad", new BatchRule(Pad)),
        ("Tile", new BatchRule(Tile, CountInputs: 0b10)),
        ("Expand", new BatchRule(Expand, CountInputs: 0b10)),
        ("Trilu", new BatchRule(Trilu)),
    ];

    private static void Transpose(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        var order = step.Ints("perm") ?? [.. Enumerable.Range(0, x.Rank).Select(axis => (long)(x.Rank - 1 - axis))];
        if (order.Length != x.Rank || order.Any(axis => axis < 0 || axis >= x.Rank) || order.Distinct().Count() != x.Rank) step.Refuse("orders axes that its input does not have");
        else step.SetShape(0, [.. order.Select(axis => x.Shape!.Value[(int)axis])]);
    }

    private static void Concat(NodeStep step) => Join(step, [.. step.Inputs], step.Int("axis", 1));

    /// <summary>Joins values along an axis: all or none must have rows, along one other axis.</summary>
    public static void Join(NodeStep step, ImmutableArray<BatchValue?> inputs, long along)
    {
        if (inputs.IsEmpty || inputs.Any(input => input?.Shape is null))
        {
            step.Refuse("joins a tensor of unknown rank");
            return;
        }

        var first = inputs.FirstOrDefault(input => input!.HasRows) ?? inputs[0]!;
        if (!step.TryAxis(along, first.Rank, out var axis) || !step.KeepsApart(first, axis)) return;
        if (inputs.Any(input => input!.Rank != first.Rank || input.Axis != first.Axis || first.HasRows && input.RowLength != first.RowLength))
        {
            step.Refuse("joins the rows with a tensor that has not as many");
            return;
        }

        var isKnown = inputs.All(input => input!.Shape!.Value[axis].IsConstant);
        var length = isKnown ? inputs.Aggregate((Int128)0, (sum, input) => sum + input!.Shape!.Value[axis].Factor) : -1;
        step.SetShape(0, first.Shape!.Value.SetItem(axis, length >= 0 && length <= long.MaxValue ? Term.Constant((long)length) : step.Symbols.NewLength()));
    }

    private static void Split(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x) || !step.TryAxis("axis", 0, x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
        var sizes = step.Version < 13 ? step.Ints("split") : step.HasInput(1) ? Constants(step.Inputs[1]!) : null;
        var length = x.Shape!.Value[axis];
        var isNamed = step.Version < 13 ? sizes is not null : step.HasInput(1);
        var parts = step.Node.Outputs.Length;
        for (var output = 0; output < parts; output++)
        {
            var part = sizes is { } known && output < known.Length ? Term.Constant(known[output])
                : !isNamed && length.IsConstant && length.Factor % parts == 0 ? Term.Constant(length.Factor / parts)
                : step.Symbols.NewLength();
            step.SetShape(output, x.Shape.Value.SetItem(axis, part));
        }
    }

    private static ImmutableArray<long>? Constants(BatchValue value) => value.Elements is { } numbers && numbers.All(n => n.IsConstant) ? [.. numbers.Select(n => n.Factor)] : null;

    private static void Slice(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || Cuts.Of(step, x.Rank) is not { } cuts) return;
        var shape = x.Shape!.Value;
        foreach (var cut in cuts)
        {
            if (x.Axis == cut.Axis)
            {
                if (cut.Keeps(x.RowLength)) continue;
                step.Refuse($"cuts the rows of axis {cut.Axis}");
                return;
            }

            if (cut.Start.HasRows || cut.End.HasRows)
            {
                step.Refuse("cuts what all rows share by their number");
                return;
            }

            shape = shape.SetItem(cut.Axis, cut.LengthOf(shape[cut.Axis]) ?? step.Symbols.NewLength());
        }

        step.SetShape(0, shape);
    }

    private static void Pad(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x)) return;
        ImmutableArray<long> pads;
        if (step.Version < 11) pads = step.Ints("pads") ?? step.Ints("paddings") ?? [];
        else if (!step.TryConstants(1, out pads)) return;
        ImmutableArray<long> named = [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)];
        if (step.HasInput(3) && !step.TryConstants(3, out named)) return;
        if (pads.Length != 2 * named.Length)
        {
            step.Refuse("pads axes that its input does not have");
            return;
        }

        var shape = x.Shape!.Value;
        for (var index = 0; index < named.Length; index++)
        {
            var (before, after) = (pads[index], pads[index + named.Length]);
            if (before == 0 && after == 0) continue;
            if (!step.TryAxis(named[index], x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
            var sum = shape[axis].IsConstant ? (Int128)shape[axis].Factor + before + after : -1;
            shape = shape.SetItem(axis, sum >= 0 && sum <= long.MaxValue ? Term.Constant((long)sum) : step.Symbols.NewLength());
        }

        step.SetShape(0, shape);
    }

    private static void Tile(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || !step.TryNumbers(1, out var repeats)) return;
        if (repeats.Length != x.Rank)
        {
            step.Refuse("repeats axes that its input does not have");
            return;
        }

        var shape = x.Shape!.Value;
        for (var axis = 0; axis < x.Rank; axis++)
        {
            if (repeats[axis].Is(1)) continue;
            if (!step.KeepsApart(x, axis)) return;
            if (x.HasRows && repeats[axis].HasRows)
            {
                step.Refuse("repeats the rows by their number");
                return;
            }

            // Repeating as often as there are rows gives each row a whole copy.
            var length = repeats[axis].IsLength ? Term.Multiply(repeats[axis], shape[axis]) : null;
            if (length is null && repeats[axis].HasRows) step.Refuse("repeats by a number that is not followed");
            shape = shape.SetItem(axis, length ?? step.Symbols.NewLength());
        }

        step.SetShape(0, shape);
    }

    private static void Expand(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || !step.TryNumbers(1, out var target)) return;
        if (target.Any(number => number.HasRows && !number.IsLength))
        {
            step.Refuse("repeats by a number that is not followed");
            return;
        }

        // Both sides broadcast; the target's length along the rows stands for as many equal rows.
        ImmutableArray<Term> lengths = [.. target.Select(number => number.IsLength ? number : step.Symbols.NewLength())];
        if (BatchValue.Shaped(lengths) is not { } goal) step.Refuse("makes a tensor with the rows along two axes");
        else if (Broadcasting.Combine(step, x, goal) is { } result) step.Set(0, result);
    }

    private static void Trilu(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x)) return;
        if (x.HasRows && x.Axis >= x.Rank - 2) step.KeepsApart(x, x.Axis.Value);
        else step.Set(0, BatchValue.Shaped(x.Shape!.Value)!);
    }
}
