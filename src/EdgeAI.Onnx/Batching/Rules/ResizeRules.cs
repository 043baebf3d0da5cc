using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Resampling: nothing may be interpolated, cut or repeated along the rows.</summary>
internal static class ResizeRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Resize", new BatchRule(Resize, CountInputs: 0b1000)),
        ("Upsample", new BatchRule(Upsample)),
    ];

    private static void Resize(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        if (step.Text("coordinate_transformation_mode", "") == "tf_crop_and_resize" || step.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
        {
            step.Refuse("resizes by a region or a ratio, which is not followed");
            return;
        }

        // Version 10 has the scales where the region came later.
        var scales = step.Version < 11 ? 1 : 2;
        if (step.HasInput(3) && step.Inputs[3] is not { Shape: [{ Factor: 0 }] }) Apply(step, x, 3, areSizes: true);
        else Apply(step, x, scales, areSizes: false);
    }

    private static void Upsample(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        if (step.Version >= 9)
        {
            Apply(step, x, 1, areSizes: false);
            return;
        }

        var scales = step.Floats("scales") ?? [];
        if (scales.Length != x.Rank || x.Axis is { } axis && scales[axis] != 1) step.Refuse("resizes along the rows");
        else step.SetShape(0, Lengths(step, x, axis => scales[axis] == 1));
    }

    private static void Apply(NodeStep step, BatchValue x, int input, bool areSizes)
    {
        if (!step.TryNumbers(input, out var numbers)) return;
        ImmutableArray<long> named = step.Ints("axes") ?? [.. Enumerable.Range(0, x.Rank).Select(axis => (long)axis)];
        if (numbers.Length != named.Length)
        {
            step.Refuse("resizes axes that its input does not have");
            return;
        }

        var changed = new Dictionary<int, Term>();
        for (var index = 0; index < named.Length; index++)
        {
            if (!step.TryAxis(named[index], x.Rank, out var axis)) return;
            if (areSizes ? numbers[index] == x.Shape!.Value[axis] : numbers[index].Is(1)) continue;
            if (x.Axis == axis || numbers[index].HasRows)
            {
                step.Refuse("resizes along the rows");
                return;
            }

            changed[axis] = numbers[index];
        }

        step.SetShape(0, Lengths(step, x, axis => !changed.ContainsKey(axis), areSizes ? changed : null));
    }

    private static ImmutableArray<Term> Lengths(NodeStep step, BatchValue x, Func<int, bool> isKept, Dictionary<int, Term>? sizes = null) =>
    [
        .. x.Shape!.Value.Select((length, axis) => isKept(axis) ? length
            : sizes?.GetValueOrDefault(axis) is { IsLength: true } size ? size : step.Symbols.NewLength()),
    ];
}
