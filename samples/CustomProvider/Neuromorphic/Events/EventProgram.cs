using EdgeAI.Onnx;
using EdgeAI.Samples.Neuromorphic.Layers;

namespace EdgeAI.Samples.Neuromorphic.Events;

/// <summary>
/// A model as the device runs it: layers in the order of dependence, each reading numbered values and writing one. Execution is exact and event-driven: only activations
/// that are not zero travel along synapses, so answers equal those of a dense computation up to the order of additions. Immutable once loaded; shared by lanes.
/// </summary>
internal sealed class EventProgram
{
    private readonly List<ProgramStep> _steps = [];
    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly Dictionary<string, OnnxTensor> _constants = new(StringComparer.Ordinal);
    private readonly List<(int Value, OnnxTensor Tensor)> _constantValues = [];

    private EventProgram()
    {
    }

    public IReadOnlyList<ProgramStep> Steps => _steps;

    public int ValueCount => _values.Count;

    public int InputCount { get; private init; }

    /// <summary>The values that are the model's outputs, in its order.</summary>
    public IReadOnlyList<int> Outputs { get; private set; } = [];

    /// <summary>Constants that layers read as if they were activations, by value; loaded with the synapses.</summary>
    public IReadOnlyList<(int Value, TensorValue Tensor)> Constants { get; private set; } = [];

    /// <summary>Lays a graph out without reading its weights.</summary>
    /// <exception cref="NotSupportedException">The device does not run it: the reason, as a sentence without its full stop.</exception>
    public static EventProgram Compile(ModelDescriptor model, OnnxModel onnx)
    {
        foreach (var spec in model.Signature.Inputs.Concat(model.Signature.Outputs))
        {
            if (spec.ElementType != TensorElementType.Float32) throw new NotSupportedException($"'{spec.Name}' is {spec.ElementType.ToName()}, and its neurons carry float32 only");
        }

        OperatorSet.RequireOpset(onnx);
        var program = new EventProgram { InputCount = model.Signature.Inputs.Count };
        foreach (var input in model.Signature.Inputs) program.AddValue(input.Name);
        foreach (var tensor in onnx.Graph.Initializers) program._constants[tensor.Name] = tensor;
        program.Place([.. onnx.Graph.Nodes]);
        program.Outputs = [.. model.Signature.Outputs.Select(output => program.FindValue(output.Name) ?? throw new NotSupportedException($"output '{output.Name}' is not made by a node of the graph"))];
        return program;
    }

    /// <summary>Copies the weights out of the model.</summary>
    public void LoadSynapses()
    {
        foreach (var step in _steps) step.Layer.LoadSynapses();
        Constants = [.. _constantValues.Select(constant => (constant.Value, TensorValue.Create(constant.Tensor.ToArray<float>(), constant.Tensor.Lengths)))];
    }

    /// <summary>Runs every layer once; cancellation acts between layers.</summary>
    public EventCount Run(ActivationStore activations, CancellationToken cancellationToken)
    {
        var count = default(EventCount);
        for (var i = 0; i < _steps.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            count += _steps[i].Layer.Propagate(activations.InputsOf(i), activations.Value(_steps[i].Output));
        }

        return count;
    }

    // Files may list nodes in any order without a circle: each round places those whose inputs are known.
    private void Place(List<OnnxNode> pending)
    {
        while (pending.Count > 0)
        {
            var placed = pending.RemoveAll(TryPlace);
            if (placed == 0) throw new NotSupportedException($"{pending[0]} reads a value that nothing gives");
        }
    }

    private bool TryPlace(OnnxNode node)
    {
        var layer = OperatorSet.CreateLayer(node, name => _constants.GetValueOrDefault(name));
        var inputs = new int[layer.Arity];
        for (var i = 0; i < inputs.Length; i++)
        {
            if (i >= node.Inputs.Length) throw new NotSupportedException($"{node} has {node.Inputs.Length} inputs where {inputs.Length} are needed");
            if (FindValue(node.Inputs[i]) is not { } value) return false;
            inputs[i] = value;
        }

        if (node.Outputs.Count(output => output.Length > 0) != 1) throw new NotSupportedException($"{node} gives more than one value");
        _steps.Add(new ProgramStep(layer, inputs, AddValue(node.Outputs[0])));
        return true;
    }

    private int? FindValue(string name)
    {
        if (_values.TryGetValue(name, out var known)) return known;
        if (!_constants.TryGetValue(name, out var constant)) return null;
        if (constant.ElementType != TensorElementType.Float32) throw new NotSupportedException($"constant '{name}' is {constant.ElementType.ToName()}, and its neurons carry float32 only");
        var value = AddValue(name);
        _constantValues.Add((value, constant));
        return value;
    }

    private int AddValue(string name)
    {
        var value = _values.Count;
        _values.Add(name, value);
        return value;
    }
}
