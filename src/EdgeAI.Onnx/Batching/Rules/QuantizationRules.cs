namespace EdgeAI.Onnx;

/// <summary>Quantisation with stored scales: one for all, or one for each place along an axis that is not the rows'.</summary>
internal static class QuantizationRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("QuantizeLinear", new BatchRule(Scale)),
        ("DequantizeLinear", new BatchRule(Scale)),
    ];

    public static void Scale(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x)) return;
        if (x.HasRows && (!step.TryInput(1, out var scale) || !IsHarmless(step, x, scale))) return;
        step.SetShape(0, x.Shape!.Value);
    }

    private static bool IsHarmless(NodeStep step, BatchValue x, BatchValue scale)
    {
        if (scale.Rank == 0 || scale.Rank == 1 && scale.Shape!.Value[0].Is(1)) return true;
        if (scale.Rank == 1 && step.Int("block_size", 0) == 0) return step.TryAxis("axis", 1, x.Rank, out var axis) && step.KeepsApart(x, axis);
        step.Refuse("scales by blocks, which is not followed");
        return false;
    }
}
