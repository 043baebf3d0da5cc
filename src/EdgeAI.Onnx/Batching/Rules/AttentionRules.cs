namespace EdgeAI.Onnx;

/// <summary>Fused attention: each row attends to its own sequence.</summary>
internal static class AttentionRules
{
    /// <summary>Com.microsoft Attention: input, weights, bias, mask, past, attention bias.</summary>
    public static void SelfAttention(NodeStep step)
    {
        if (!TrySequence(step, out var x) || !step.RequireShared(1, 2) || !step.RequireShared(6)) return;
        if (!HasRows(step, x, 3, 0) || !HasRows(step, x, 4, 1) || !HasRowsOrNone(step, x, 5)) return;
        step.SetShape(0, [x.Shape!.Value[0], x.Shape.Value[1], step.Symbols.NewLength()]);
        step.SetShape(1, [Term.Constant(2), x.Shape.Value[0], step.Symbols.NewLength(), step.Symbols.NewLength(), step.Symbols.NewLength()]);
    }

    /// <summary>Com.microsoft MultiHeadAttention: query, key, value, bias, key padding mask, attention bias, past key, past value.</summary>
    public static void MultiHead(NodeStep step)
    {
        if (!step.TryInput(0, out var query) || !step.RequireAxis(query, 0) || !step.RequireShared(3, 1) || !step.RequireShared(8)) return;
        if (query.Rank != 3)
        {
            step.Refuse("packs its inputs in a form that is not followed");
            return;
        }

        foreach (var input in new[] { 1, 2, 4, 6, 7 })
        {
            if (!HasRows(step, query, input, 0)) return;
        }

        if (!HasRowsOrNone(step, query, 5)) return;
        step.SetShape(0, [query.Shape!.Value[0], query.Shape.Value[1], step.Symbols.NewLength()]);
        for (var output = 1; output < 3; output++) step.SetShape(output, [query.Shape.Value[0], step.Symbols.NewLength(), step.Symbols.NewLength(), step.Symbols.NewLength()]);
    }

    /// <summary>Com.microsoft EmbedLayerNormalization: input ids, segment ids, five tables and scales, mask, position ids.</summary>
    public static void Embed(NodeStep step)
    {
        if (!step.TryInput(0, out var ids) || !step.RequireAxis(ids, 0) || !step.RequireShared(2, 5)) return;
        if (ids.Rank != 2)
        {
            step.Refuse("needs two axes");
            return;
        }

        if (!HasRows(step, ids, 1, 0) || !HasRows(step, ids, 7, 0) || !HasRowsOrNone(step, ids, 8)) return;
        var width = step.HasInput(2) && step.Inputs[2]!.Shape is [_, var columns] ? columns : step.Symbols.NewLength();
        var shape = ids.Shape!.Value;
        step.SetShape(0, [shape[0], shape[1], width]);
        step.SetShape(1, [shape[0]]);
        step.SetShape(2, [shape[0], shape[1], width]);
    }

    private static bool TrySequence(NodeStep step, out BatchValue x)
    {
        if (!step.TryInput(0, out x) || !step.RequireAxis(x, 0)) return false;
        if (x.Rank == 3) return true;
        step.Refuse("needs three axes");
        return false;
    }

    private static bool HasRows(NodeStep step, BatchValue x, int input, int axis)
    {
        if (!step.HasInput(input)) return true;
        var value = step.Inputs[input]!;
        if (x.HasRows ? value.Axis == axis && value.RowLength == x.RowLength : value.IsShared) return true;
        step.Refuse($"takes '{step.NameOf(input)}', which has not the same rows");
        return false;
    }

    /// <summary>An input that may also be one for all rows, with length 1 along axis 0.</summary>
    private static bool HasRowsOrNone(NodeStep step, BatchValue x, int input) =>
        !step.HasInput(input) || step.Inputs[input] is { IsShared: true, Shape: [var first, ..] } && first.Is(1) || HasRows(step, x, input, 0);
}
