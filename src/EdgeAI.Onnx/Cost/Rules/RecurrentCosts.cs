namespace EdgeAI.Onnx;

/// <summary>Recurrent layers: for each step and direction one product with the input's weights and one with the state's, then the gates.</summary>
internal static class RecurrentCosts
{
    public static IEnumerable<(string Domain, string Operator, CostRule Rule)> Table =>
    [
        // Element by element: an activation for each gate, then for LSTM c = f c + i g and h = o tanh(c), for GRU r h and (1 - z) n + z h.
        (OnnxDomains.Onnx, "LSTM", Of(gates: 4, elementwise: 9)),
        (OnnxDomains.Onnx, "GRU", Of(gates: 3, elementwise: 8)),
        (OnnxDomains.Onnx, "RNN", Of(gates: 1, elementwise: 1)),
        (OnnxDomains.Microsoft, "DynamicQuantizeLSTM", Of(gates: 4, elementwise: 9, isTransposed: true)),
    ];

    private static CostRule Of(int gates, int elementwise, bool isTransposed = false) => new(OperatorFamily.Recurrent, step => Recur(step, gates, elementwise, isTransposed));

    private static OperatorWork? Recur(CostStep step, int gates, int elementwise, bool isTransposed)
    {
        if (step.Shape(0) is not { Length: 3 } x || step.Shape(2) is not { Length: 3 } recurrence) return null;
        var rowsFirst = step.Int("layout", 0) == 1;
        var (time, rows) = rowsFirst ? (x[1], x[0]) : (x[0], x[1]);
        var (directions, hidden) = (recurrence[0], isTransposed ? recurrence[1] : recurrence[2]);
        var products = 2 * time * rows * directions * gates * hidden * (x[2] + hidden);
        var bias = step.HasInput(3) ? 2 * time * rows * directions * gates * hidden : 0;
        return new OperatorWork(products + bias + (elementwise * time * rows * directions * hidden))
        {
            Rows = rows,
            Columns = gates * hidden,
            Depth = x[2] + hidden,
            Groups = directions,
            Steps = Math.Max(1, time),
            ElementType = step.Input(1)?.StoredType,
        };
    }
}
