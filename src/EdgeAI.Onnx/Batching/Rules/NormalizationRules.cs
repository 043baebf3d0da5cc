namespace EdgeAI.Onnx;

/// <summary>Operators that scale elements by a sum over some axes, or by statistics of such: none of those axes may hold the rows.</summary>
internal static class NormalizationRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("Softmax", new BatchRule(Softmax)),
        ("LogSoftmax", new BatchRule(Softmax)),
        ("Hardmax", new BatchRule(Softmax)),
        ("LpNormalization", new BatchRule(AlongOneAxis)),
        ("BatchNormalization", new BatchRule(ByStoredStatistics)),
        ("InstanceNormalization", new BatchRule(WithinRow)),
        ("GroupNormalization", new BatchRule(WithinRow)),
        ("LRN", new BatchRule(WithinRow)),
        ("MeanVarianceNormalization", new BatchRule(AlongAxes)),
        ("LayerNormalization", new BatchRule(FromAxisOn)),
        ("RMSNormalization", new BatchRule(FromAxisOn)),
        ("SimplifiedLayerNormalization", new BatchRule(FromAxisOn)),
    ];

    public static void FromAxisOn(NodeStep step)
    {
        if (!step.TryOnlyRows(out var x) || !step.TryAxis("axis", -1, x.Rank, out var axis)) return;
        if (x.HasRows && x.Axis >= axis)
        {
            step.KeepsApart(x, x.Axis.Value);
            return;
        }

        for (var input = 1; input < step.InputCount; input++)
        {
            if (step.HasInput(input) && x.HasRows && !Broadcasting.LeavesRows(step, x, step.Inputs[input])) return;
        }

        step.Set(0, x);
        for (var output = 1; output < step.Node.Outputs.Length; output++) step.SetShape(output, [.. x.Shape!.Value.Select((length, a) => a < axis ? length : Term.One)]);
    }

    private static void Softmax(NodeStep step)
    {
        var flattens = step.Version < 13;
        if (!step.TryInput(0, out var x) || !step.TryAxis("axis", flattens ? 1 : -1, x.Rank, out var axis)) return;
        if (flattens && x.HasRows && x.Axis > axis) step.KeepsApart(x, x.Axis.Value);
        else if (step.KeepsApart(x, axis)) step.Set(0, x);
    }

    private static void AlongOneAxis(NodeStep step)
    {
        if (step.TryInput(0, out var x) && step.TryAxis("axis", -1, x.Rank, out var axis) && step.KeepsApart(x, axis)) step.Set(0, x);
    }

    private static void AlongAxes(NodeStep step)
    {
        if (!step.TryInput(0, out var x)) return;
        foreach (var named in step.Ints("axes") ?? [0, 2, 3])
        {
            if (!step.TryAxis(named, x.Rank, out var axis) || !step.KeepsApart(x, axis)) return;
        }

        step.Set(0, x);
    }

    private static void ByStoredStatistics(NodeStep step)
    {
        var trains = step.Version >= 14 ? step.Flag("training_mode") : step.Version < 7 && !step.Flag("is_test");
        if (trains || Enumerable.Range(1, 4).Any(step.HasOutput)) step.Refuse("normalises by the statistics of the whole batch, as in training");
        else WithinRow(step);
    }

    private static void WithinRow(NodeStep step)
    {
        if (step.TryOnlyRows(out var x) && step.RequireAxis(x, 0)) step.Set(0, x);
    }
}
