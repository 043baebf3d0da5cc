using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Operators that pick elements by index: an index must not reach from one row into another.</summary>
internal static class IndexRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Gather", new BatchRule(step => Gather(step, "axis"))),
        ("GatherElements", new BatchRule(GatherElements)),
        ("GatherND", new BatchRule(GatherND)),
        ("ScatterElements", new BatchRule(ScatterElements)),
        ("OneHot", new BatchRule(OneHot)),
    ];

    /// <summary>Whole slices along an axis, as in a table of embeddings.</summary>
    public static void Gather(NodeStep step, string axisName)
    {
        if (!step.TryInput(0, out var data) || !step.TryInput(1, out var indices) || !step.TryAxis(axisName, 0, data.Rank, out var axis)) return;
        if (data.HasRows && indices.HasRows) step.Refuse("picks from all rows for each row");
        else if (step.KeepsApart(data, axis)) step.SetShape(0, [.. data.Shape!.Value[..axis], .. indices.Shape!.Value, .. data.Shape.Value[(axis + 1)..]]);
    }

    private static void GatherElements(NodeStep step)
    {
        if (!step.TryInput(0, out var data) || !step.TryInput(1, out var indices) || !step.TryAxis("axis", 0, data.Rank, out var axis)) return;
        if (Agree(step, axis, data, indices)) step.SetShape(0, indices.Shape!.Value);
    }

    private static void ScatterElements(NodeStep step)
    {
        if (!step.TryInput(0, out var data) || !step.TryInput(1, out var indices) || !step.TryInput(2, out var updates) || !step.TryAxis("axis", 0, data.Rank, out var axis)) return;
        if (Agree(step, axis, data, indices, updates)) step.SetShape(0, data.Shape!.Value);
    }

    private static bool Agree(NodeStep step, int axis, BatchValue data, params ReadOnlySpan<BatchValue> others)
    {
        if (!step.KeepsApart(data, axis)) return false;
        foreach (var other in others)
        {
            if (other.Rank == data.Rank && other.Axis == data.Axis && (!data.HasRows || other.RowLength == data.RowLength)) continue;
            step.Refuse("picks by indices that have not the same rows as the data");
            return false;
        }

        return true;
    }

    private static void GatherND(NodeStep step)
    {
        if (!step.TryInput(0, out var data) || !step.TryInput(1, out var indices)) return;
        var batch = step.Int("batch_dims", 0);
        var depth = indices.Rank > 0 && indices.Shape!.Value[^1] is { IsConstant: true, Factor: >= 1 } last ? last.Factor : 0;
        if (batch < 0 || depth == 0 || batch + depth > data.Rank || batch >= indices.Rank)
        {
            step.Refuse("picks by indices that are not followed");
            return;
        }

        // Axes in front pair data and indices; behind them indices reach anywhere in the data.
        var pairs = data.HasRows && data.Axis < batch && indices.Axis == data.Axis && indices.RowLength == data.RowLength;
        var looksUp = !data.HasRows && (!indices.HasRows || indices.Axis >= batch && indices.Axis < indices.Rank - 1);
        if (!pairs && !looksUp) step.Refuse("picks from other rows");
        else step.SetShape(0, [.. indices.Shape!.Value[..^1], .. data.Shape!.Value[(int)(batch + depth)..]]);
    }

    private static void OneHot(NodeStep step)
    {
        if (!step.TryOnlyRows(out var indices) || !step.TryAxis("axis", -1, indices.Rank + 1, out var axis)) return;
        var depth = step.HasInput(1) && step.Inputs[1]!.Elements is [{ IsConstant: true, Factor: >= 0 } known] ? known : step.Symbols.NewLength();
        step.SetShape(0, indices.Shape!.Value.Insert(axis, depth));
    }
}
