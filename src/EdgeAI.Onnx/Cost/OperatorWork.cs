namespace EdgeAI.Onnx;

/// <summary>What a rule says of one node. What it leaves out is taken from the inputs and outputs. Immutable.</summary>
/// <param name="Flops">Multiplications, additions and other functions of an element.</param>
internal sealed record OperatorWork(double Flops)
{
    public static OperatorWork Nothing { get; } = new(0);

    /// <summary>The elements stay where they are.</summary>
    public static OperatorWork View { get; } = new(0) { IsView = true };

    public double Rows { get; init; }

    public double Columns { get; init; }

    public double Depth { get; init; }

    public double Groups { get; init; }

    public double Window { get; init; }

    public double Steps { get; init; } = 1;

    public bool IsView { get; init; }

    /// <summary>Of the weights, where the inputs do not tell.</summary>
    public TensorElementType? ElementType { get; init; }

    /// <summary>Elements of input 0 that are read, where not all are.</summary>
    public double? ElementsRead { get; init; }

    /// <summary>What was assumed; <see langword="null"/> where nothing was.</summary>
    public string? Note { get; init; }

    public static OperatorWork Product(double rows, double columns, double depth, double groups = 1) =>
        new(2 * rows * columns * depth * groups) { Rows = rows, Columns = columns, Depth = depth, Groups = groups };

    /// <summary>The same with more to do for each result.</summary>
    public OperatorWork Plus(double flops) => this with { Flops = Flops + flops };
}
