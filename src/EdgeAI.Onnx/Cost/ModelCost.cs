using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// What a model computes and moves in one run on inputs of given lengths, counted from its graph. Nodes that only depend on constants are left out, because
/// runtimes compute them when they load. What cannot be told from the graph is listed in <see cref="Unknown"/> and counts as nothing; what was assumed is in <see cref="Notes"/>.
/// Immutable and thread-safe.
/// </summary>
public sealed class ModelCost
{
    private ModelCost(ImmutableArray<NodeCost> nodes, ImmutableArray<string> unknown, ImmutableArray<string> notes, double inputBytes, double outputBytes)
    {
        Nodes = nodes;
        Unknown = unknown;
        Notes = notes;
        InputBytes = inputBytes;
        OutputBytes = outputBytes;
        Families =
        [
            .. nodes.GroupBy(node => node.Family).OrderBy(family => family.Key).Select(family => new FamilyCost(
                family.Key, family.Count(), family.Sum(node => node.Flops), family.Sum(node => node.WeightBytes), family.Sum(node => node.BytesRead), family.Sum(node => node.BytesWritten))),
        ];
    }

    /// <summary>The nodes that run, in an order in which they can; those of functions and of the counted branch of an <c>If</c> in place of the call.</summary>
    public IReadOnlyList<NodeCost> Nodes { get; }

    /// <summary>The sums by family; only those that occur.</summary>
    public IReadOnlyList<FamilyCost> Families { get; }

    /// <summary>Nodes whose work is not, or not wholly, counted, each as a clause that says why; empty where all is.</summary>
    public IReadOnlyList<string> Unknown { get; }

    /// <summary>What was assumed, each as a clause: the branch of an <c>If</c>, the passes of a <c>Loop</c>.</summary>
    public IReadOnlyList<string> Notes { get; }

    /// <summary>Whether every node is counted.</summary>
    public bool IsComplete => Unknown.Count == 0;

    /// <summary>Bytes of the inputs, as far as their lengths are known.</summary>
    public double InputBytes { get; }

    /// <summary>Bytes of the outputs, as far as their lengths are known.</summary>
    public double OutputBytes { get; }

    /// <summary>Multiplications, additions and other functions of an element: a product of a x b by b x c counts 2abc.</summary>
    public double Flops => Nodes.Sum(node => node.Flops);

    /// <summary>Bytes of constants read: one that two nodes use counts twice.</summary>
    public double WeightBytes => Nodes.Sum(node => node.WeightBytes);

    /// <summary>Bytes of inputs and values in between that are read.</summary>
    public double ActivationBytesRead => Nodes.Sum(node => node.BytesRead);

    /// <summary>Bytes of outputs and values in between that are written.</summary>
    public double ActivationBytesWritten => Nodes.Sum(node => node.BytesWritten);

    /// <summary>Counts a model. Costs time in proportion to its nodes; reads only small constants, of a few hundred bytes.</summary>
    /// <param name="model">The model; not disposed, or constants in its file count as unknown.</param>
    /// <param name="inputLengths">Lengths of the axes by the input's name; inputs left out are taken as declared. A symbol of the model gets its length from the first input that has it.</param>
    /// <param name="freeDimensionOverrides">Lengths for symbols by name; <see langword="null"/> for none.</param>
    /// <exception cref="ArgumentException">A name is no input, or the number of axes is not what the model declares.</exception>
    public static ModelCost Estimate(OnnxModel model, IReadOnlyDictionary<string, nint[]>? inputLengths = null, IReadOnlyDictionary<string, long>? freeDimensionOverrides = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        var inputs = InputShapes.Resolve(model.Graph, inputLengths, freeDimensionOverrides);
        var trace = new CostTrace(model, inputs.Symbols);
        var values = trace.Follow(inputs);
        return new ModelCost(
            [.. trace.Nodes],
            [.. trace.Unknown],
            [.. trace.Notes.Distinct(StringComparer.Ordinal)],
            inputs.Values.Sum(input => input.Value.Bytes ?? 0),
            model.Graph.Outputs.Sum(output => values.GetValueOrDefault(output.Name)?.Bytes ?? 0));
    }

    /// <summary>Such as <c>8,178,892,800 flops, 102,228,128 bytes of weights</c>.</summary>
    public override string ToString() => string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{Flops:N0} flops, {WeightBytes:N0} bytes of weights{(IsComplete ? "" : $", {Unknown.Count} nodes not counted")}");
}
