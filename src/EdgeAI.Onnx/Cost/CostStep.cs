namespace EdgeAI.Onnx;

/// <summary>One node as the rule of its operator sees it, once the shapes of its outputs are known as far as they can be.</summary>
/// <param name="step">Its attributes and what is known of its inputs.</param>
/// <param name="inputs">Its inputs; <see langword="null"/> for one that is left out.</param>
/// <param name="outputs">Its outputs.</param>
internal sealed class CostStep(NodeStep step, CostValue?[] inputs, CostValue[] outputs)
{
    public NodeStep Step => step;

    public OnnxNode Node => step.Node;

    public IReadOnlyList<CostValue?> Inputs => inputs;

    public CostValue? Input(int index) => index < inputs.Length ? inputs[index] : null;

    public bool HasInput(int index) => Input(index) is not null;

    /// <summary>The lengths of an input; <see langword="null"/> where it is left out or one is unknown.</summary>
    public double[]? Shape(int input) => Input(input)?.Lengths;

    public double? Count(int input) => Input(input)?.Count;

    /// <summary>The lengths of an output; <see langword="null"/> where one is unknown.</summary>
    public double[]? OutputShape(int output = 0) => output < outputs.Length ? outputs[output].Lengths : null;

    public double? OutputCount(int output = 0) => output < outputs.Length ? outputs[output].Count : null;

    public long Int(string name, long absent) => step.Int(name, absent);

    public static double Product(IEnumerable<double> lengths) => lengths.Aggregate(1.0, (product, length) => product * length);
}
