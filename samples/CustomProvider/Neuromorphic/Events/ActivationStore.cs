namespace EdgeAI.Samples.Neuromorphic.Events;

/// <summary>The activations of one lane, in device memory. Storage is kept while the inputs keep their lengths: a steady run allocates nothing. Not thread-safe.</summary>
internal sealed class ActivationStore : IDisposable
{
    private readonly EventProgram _program;
    private readonly NeuromorphicMemory _memory;
    private readonly TensorValue?[] _values;
    private readonly TensorValue[][] _stepInputs;
    private readonly nint[]?[] _inputLengths;
    private bool _isMeasured;

    public ActivationStore(EventProgram program, NeuromorphicMemory memory)
    {
        _program = program;
        _memory = memory;
        _values = new TensorValue?[program.ValueCount];
        _stepInputs = [.. program.Steps.Select(step => new TensorValue[step.Inputs.Length])];
        _inputLengths = new nint[]?[program.InputCount];
        foreach (var (value, tensor) in program.Constants) _values[value] = tensor;
    }

    public TensorValue Value(int index) => _values[index]!;

    public TensorValue Output(int index) => Value(_program.Outputs[index]);

    public ReadOnlySpan<TensorValue> InputsOf(int step) => _stepInputs[step];

    /// <summary>Takes the inputs of a run, and finds lengths and storage of everything that follows from them.</summary>
    /// <exception cref="NotSupportedException">Lengths do not fit each other: the reason, as a sentence without its full stop.</exception>
    /// <exception cref="OutOfMemoryException">The activations do not fit.</exception>
    public void Bind(ReadOnlySpan<TensorValue> inputs)
    {
        for (var i = 0; i < inputs.Length; i++)
        {
            _values[i] = inputs[i];
            if (inputs[i].Lengths.SequenceEqual(_inputLengths[i])) continue;
            _inputLengths[i] = inputs[i].Lengths.ToArray();
            _isMeasured = false;
        }

        for (var i = 0; i < _stepInputs.Length; i++)
        {
            var step = _program.Steps[i];
            for (var k = 0; k < step.Inputs.Length; k++) _stepInputs[i][k] = _values[step.Inputs[k]]!;
            if (!_isMeasured) Measure(step, _stepInputs[i]);
        }

        _isMeasured = true;
    }

    public void Dispose()
    {
        foreach (var step in _program.Steps)
        {
            _values[step.Output]?.Dispose();
            _values[step.Output] = null;
        }
    }

    private void Measure(ProgramStep step, TensorValue[] inputs)
    {
        var lengths = step.Layer.Measure(inputs);
        _values[step.Output]?.Dispose();
        _values[step.Output] = null;
        _values[step.Output] = _memory.AllocateTensor(lengths);
    }
}
