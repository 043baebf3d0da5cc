using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Operators that keep the elements and their order, and change the axes.</summary>
internal static class ShapeRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Reshape", new BatchRule(Reshape, CountInputs: 0b10)),
        ("Flatten", new BatchRule(Flatten)),
        ("Squeeze", new BatchRule(Squeeze)),
        ("Unsqueeze", new BatchRule(Unsqueeze)),
    ];

    /// <summary>The axes that an attribute names up to version 12 and an input from then on; <see langword="null"/> with the node refused where they are not known, empty where there are none.</summary>
    public static ImmutableArray<long>? AxesOf(NodeStep step)
    {
        if (step.Version < 13) return step.Ints("axes") ?? [];
        if (!step.HasInput(1)) return [];
        return step.TryConstants(1, out var axes) ? axes : null;
    }

    private static void Reshape(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        ImmutableArray<Term> target;
        if (step.Version < 5) target = [.. (step.Ints("shape") ?? []).Select(Term.Constant)];
        else if (!step.TryNumbers(1, out target)) return;
        if (Regrouping.Resolve(step, x, target, copiesZeros: !step.Flag("allowzero")) is { } shape) Regrouping.Apply(step, x, shape);
    }

    private static void Flatten(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        var axis = step.Int("axis", 1);
        axis = axis < 0 ? axis + x.Rank : axis;
        if (axis < 0 || axis > x.Rank)
        {
            step.Refuse($"names axis {axis} of a tensor of {x.Rank} axes");
            return;
        }

        var shape = x.Shape!.Value;
        if (Term.Product(shape[..(int)axis]) is { } before && Term.Product(shape[(int)axis..]) is { } after) Regrouping.Apply(step, x, [before, after]);
        else step.Refuse("makes an axis too long to follow");
    }

    private static void Squeeze(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || AxesOf(step) is not { } named) return;
        var axes = new HashSet<int>();
        foreach (var name in named)
        {
            if (!step.TryAxis(name, x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
            axes.Add(axis);
        }

        var shape = x.Shape!.Value;
        if (named.IsEmpty)
        {
            // Without axes every axis of length 1 goes: also that of the rows, when there is one row.
            if (shape.Any(length => !length.IsConstant)) step.Refuse("drops whichever axes have length 1, the rows' among them");
            axes.UnionWith(Enumerable.Range(0, x.Rank).Where(axis => shape[axis].Is(1)));
        }

        step.SetShape(0, [.. shape.Where((_, axis) => !axes.Contains(axis))]);
    }

    private static void Unsqueeze(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || AxesOf(step) is not { } named) return;
        if (named.Length > BatchValue.MaxElements)
        {
            step.Refuse("adds too many axes to follow");
            return;
        }

        var rank = x.Rank + named.Length;
        var added = new HashSet<int>();
        foreach (var name in named)
        {
            if (!step.TryAxis(name, rank, out var axis)) return;
            added.Add(axis);
        }

        if (added.Count != named.Length)
        {
            step.Refuse("adds an axis twice");
            return;
        }

        var next = 0;
        step.SetShape(0, [.. Enumerable.Range(0, rank).Select(axis => added.Contains(axis) ? Term.One : x.Shape!.Value[next++])]);
    }
}
