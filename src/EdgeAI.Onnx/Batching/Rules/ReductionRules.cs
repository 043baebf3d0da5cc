using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Operators that make one number of what lies along some axes, none of which may hold the rows.</summary>
internal static class ReductionRules
{
    private static readonly string[] _reductions = ["ReduceL1", "ReduceL2", "ReduceLogSum", "ReduceLogSumExp", "ReduceMax", "ReduceMean", "ReduceMin", "ReduceProd", "ReduceSumSquare"];

    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        .. _reductions.Select(name => (name, new BatchRule(step => Reduce(step, axesAreInput: step.Version >= 18)))),
        ("ReduceSum", new BatchRule(step => Reduce(step, axesAreInput: step.Version >= 13))),
        ("ArgMax", new BatchRule(ArgExtreme)),
        ("ArgMin", new BatchRule(ArgExtreme)),
        ("CumSum", new BatchRule(Accumulate)),
        ("TopK", new BatchRule(Sort)),
    ];

    private static void Reduce(NodeStep step, bool axesAreInput)
    {
        if (!step.TryInput(0, out var x)) return;
        ImmutableArray<long> named = [];
        if (axesAreInput && step.HasInput(1))
        {
            if (!step.TryConstants(1, out named)) return;
        }
        else if (!axesAreInput)
        {
            named = step.Ints("axes") ?? [];
        }

        if (named.IsEmpty && step.Flag("noop_with_empty_axes") && axesAreInput)
        {
            step.SetShape(0, x.Shape!.Value);
            return;
        }

        var axes = new HashSet<int>();
        foreach (var name in named)
        {
            if (!step.TryAxis(name, x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
            axes.Add(axis);
        }

        if (axes.Count == 0)
        {
            if (x.HasRows && !step.KeepsApart(x, x.Axis!.Value)) return;
            axes.UnionWith(Enumerable.Range(0, x.Rank));
        }

        step.SetShape(0, Collapse(step, x, axes));
    }

    private static void ArgExtreme(NodeStep step)
    {
        if (step.TryInput(0, out var x) && step.TryAxis("axis", 0, x.Rank, out var axis) && step.KeepsApart(x, axis)) step.SetShape(0, Collapse(step, x, [axis]));
    }

    private static void Accumulate(NodeStep step)
    {
        if (!step.TryInput(0, out var x) || !step.TryConstants(1, out var axes)) return;
        if (axes.Length != 1) step.Refuse("names no single axis");
        else if (step.TryAxis(axes[0], x.Rank, out var axis) && step.KeepsApart(x, axis)) step.SetShape(0, x.Shape!.Value);
    }

    private static void Sort(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x) || !step.TryAxis("axis", -1, x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
        var count = step.HasInput(1) && step.Inputs[1]!.Elements is [{ IsConstant: true } k] ? k : step.Symbols.NewLength();
        for (var output = 0; output < 2; output++) step.SetShape(output, x.Shape!.Value.SetItem(axis, count));
    }

    private static ImmutableArray<Term> Collapse(NodeStep step, BatchValue x, HashSet<int> axes) => step.Flag("keepdims", absent: true)
        ? [.. x.Shape!.Value.Select((length, axis) => axes.Contains(axis) ? Term.One : length)]
        : [.. x.Shape!.Value.Where((_, axis) => !axes.Contains(axis))];
}
