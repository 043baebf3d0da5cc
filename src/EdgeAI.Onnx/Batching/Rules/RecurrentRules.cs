namespace EdgeAI.Onnx;

/// <summary>Recurrent layers: they step along time and keep a state for each row.</summary>
internal static class RecurrentRules
{
    public static IEnumerable<(string Operator, BatchRule Rule)> Table =>
    [
        ("LSTM", new BatchRule(step => Recur(step, firstState: 5, states: 2))),
        ("GRU", new BatchRule(step => Recur(step, firstState: 5, states: 1))),
        ("RNN", new BatchRule(step => Recur(step, firstState: 5, states: 1))),
    ];

    private static void Recur(NodeStep step, int firstState, int states)
    {
        var rowsFirst = step.Flag("layout");
        if (!step.TryInput(0, out var x) || !step.RequireAxis(x, rowsFirst ? 0 : 1)) return;
        if (x.Rank != 3)
        {
            step.Refuse("needs three axes");
            return;
        }

        if (!step.RequireShared(1, 3) || !step.RequireShared(firstState + states)) return;
        if (!HasSameRows(step, x, 4, axis: 0)) return;
        for (var state = 0; state < states; state++)
        {
            if (!HasSameRows(step, x, firstState + state, rowsFirst ? 0 : 1)) return;
        }

        var rows = x.Shape!.Value[rowsFirst ? 0 : 1];
        var time = x.Shape.Value[rowsFirst ? 1 : 0];
        var directions = Term.Constant(step.Text("direction", "forward") == "bidirectional" ? 2 : 1);
        var hidden = step.Int("hidden_size", -1) is > 0 and var size ? Term.Constant(size) : step.Symbols.NewLength();
        step.SetShape(0, rowsFirst ? [rows, time, directions, hidden] : [time, directions, rows, hidden]);
        for (var state = 0; state < states; state++) step.SetShape(state + 1, rowsFirst ? [rows, directions, hidden] : [directions, rows, hidden]);
    }

    private static bool HasSameRows(NodeStep step, BatchValue x, int input, int axis)
    {
        if (!step.HasInput(input)) return true;
        var value = step.Inputs[input]!;
        if (x.HasRows ? value.Axis == axis && value.RowLength == x.RowLength : value.IsShared) return true;
        step.Refuse($"takes '{step.NameOf(input)}', which has not the same rows as its sequence");
        return false;
    }
}
