using System.Runtime.InteropServices;
using EdgeAI.Devices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Tensors bound to one lane of a session, and the run over them. Calls the C API directly: a steady run allocates nothing.</summary>
internal sealed unsafe class OnnxSessionBinding : ISessionBinding, IOutputSelection
{
    private const int Idle = 0, Running = 1, Disposed = 2, DisposedWhileRunning = 3;
    private const int NotSelected = -1;

    private readonly LoadedModel _model;
    private readonly TensorSlot[] _inputs;
    private readonly TensorSlot[] _outputs;
    private readonly int[] _selected;                   // position in the run -> output
    private readonly int[] _positions;                  // output -> position in the run
    private readonly TensorValue?[] _destinations;      // by position: where the last run wrote it; null where native code allocated
    private readonly nint* _inputValues;
    private readonly nint* _outputNames;
    private readonly nint* _outputValues;
    private readonly nint _runOptions;
    private int _selectedCount;
    private bool _hasResult;
    private int _state;

    public OnnxSessionBinding(LoadedModel model)
    {
        model.Retain();
        _model = model;
        var signature = model.Signature;
        _inputs = [.. signature.Inputs.Select(spec => new TensorSlot(spec, isOutput: false))];
        _outputs = [.. signature.Outputs.Select(spec => new TensorSlot(spec, isOutput: true))];
        _selected = new int[_outputs.Length];
        _positions = new int[_outputs.Length];
        _destinations = new TensorValue?[_outputs.Length];
        _inputValues = (nint*)NativeMemory.AllocZeroed((nuint)(_inputs.Length + 2 * _outputs.Length + 1), (nuint)sizeof(nint));
        _outputNames = _inputValues + _inputs.Length;
        _outputValues = _outputNames + _outputs.Length;
        nint runOptions;
        NativeError.ThrowIfFailed(NativeApi.CreateRunOptions(&runOptions));
        _runOptions = runOptions;

        Array.Fill(_positions, NotSelected);
        for (var output = 0; output < _outputs.Length; output++)
        {
            if (model.IsTensorOutput(output)) Select(output);
        }
    }

    public void SetInput(int index, TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfNotIdle();
        ThrowIfOutside(index, _inputs.Length);
        _inputs[index].Bind(value);
    }

    public void SetOutput(int index, TensorValue? value)
    {
        ThrowIfNotIdle();
        ThrowIfOutside(index, _outputs.Length);
        if (value is null) _outputs[index].Clear();
        else _outputs[index].Bind(value);
    }

    public void SelectOutputs(ReadOnlySpan<int> indexes)
    {
        ThrowIfNotIdle();
        if (indexes.IsEmpty) throw new ArgumentException("No output is selected; a run computes one at least.", nameof(indexes));
        for (var i = 0; i < indexes.Length; i++)
        {
            if ((uint)indexes[i] >= (uint)_outputs.Length || indexes[..i].Contains(indexes[i]))
            {
                throw new ArgumentException($"Output {indexes[i]} is selected twice or does not exist; the model has {_outputs.Length} outputs.", nameof(indexes));
            }

            if (!_model.IsTensorOutput(indexes[i])) throw NotATensor(indexes[i]);
        }

        DropResult();
        Array.Fill(_positions, NotSelected);
        _selectedCount = 0;
        foreach (var output in indexes) Select(output);
    }

    public TensorValue GetOutput(int index)
    {
        ThrowIfNotIdle();
        ThrowIfOutside(index, _outputs.Length);
        var position = _positions[index];
        if (!_hasResult || position == NotSelected) throw new InvalidOperationException($"There is no output '{_model.Signature.Outputs[index].Name}' of a successful run; run first, with this output selected.");
        if (_destinations[position] is { } destination) return destination;

        var value = _outputValues[position];
        if (value == 0) throw new InvalidOperationException($"The output '{_model.Signature.Outputs[index].Name}' of this run was handed over already.");
        _outputValues[position] = 0;
        return NativeTensor.Adopt(value) ?? throw NotATensor(index);
    }

    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        try
        {
            Enter();
            try
            {
                return Run(cancellationToken) ? ValueTask.CompletedTask : ValueTask.FromCanceled(cancellationToken);
            }
            finally
            {
                Leave();
            }
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Idle) == Idle) Free();
        else Interlocked.CompareExchange(ref _state, DisposedWhileRunning, Running);
    }

    /// <returns><see langword="false"/> when the token stopped the run.</returns>
    private bool Run(CancellationToken cancellationToken)
    {
        DropResult();
        var inputsHeld = 0;
        var outputsHeld = 0;
        try
        {
            for (; inputsHeld < _inputs.Length; inputsHeld++) (_inputs[inputsHeld].Tensor ?? throw MissingInputs()).Retain();
            for (; outputsHeld < _selectedCount; outputsHeld++) _outputs[_selected[outputsHeld]].Tensor?.Retain();

            for (var i = 0; i < _inputs.Length; i++)
            {
                _inputs[i].Prepare();
                _inputValues[i] = _inputs[i].Value;
            }

            for (var position = 0; position < _selectedCount; position++)
            {
                var slot = _outputs[_selected[position]];
                _destinations[position] = slot.Tensor;
                _outputValues[position] = slot.Value;
            }

            var error = CallNative(cancellationToken);
            if (error is not null)
            {
                DropOutputs();
                return cancellationToken.IsCancellationRequested ? false : throw NativeFailure.AtRun(error, _model.ModelId, _model.Signature, _model.DeviceId);
            }

            for (var position = 0; position < _selectedCount; position++) _outputs[_selected[position]].Complete();
            _hasResult = true;
            return true;
        }
        finally
        {
            for (var i = 0; i < inputsHeld; i++) _inputs[i].Tensor!.Release();
            for (var position = 0; position < outputsHeld; position++) _outputs[_selected[position]].Tensor?.Release();
        }
    }

    private NativeError? CallNative(CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static binding => ((OnnxSessionBinding)binding!).Terminate(), this);
        try
        {
            return NativeError.Take(NativeApi.Run(
                _model.Handle, _runOptions, _model.InputNames, _inputValues, _inputs.Length, _outputNames, _selectedCount, _outputValues));
        }
        finally
        {
            // Waits for a callback in progress, so that a termination that comes late cannot hit the next run.
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested) NativeError.ThrowIfFailed(NativeApi.RunOptionsUnsetTerminate(_runOptions));
        }
    }

    private void Terminate() => NativeError.ThrowIfFailed(NativeApi.RunOptionsSetTerminate(_runOptions));

    private void Select(int output)
    {
        _positions[output] = _selectedCount;
        _selected[_selectedCount] = output;
        _outputNames[_selectedCount] = _model.OutputNames[output];
        _selectedCount++;
    }

    private void DropResult()
    {
        if (_hasResult) DropOutputs();
        _hasResult = false;
    }

    private void DropOutputs()
    {
        for (var position = 0; position < _selectedCount; position++)
        {
            if (_destinations[position] is null && _outputValues[position] != 0) NativeApi.ReleaseValue(_outputValues[position]);
            _destinations[position] = null;
            _outputValues[position] = 0;
        }
    }

    private void Enter()
    {
        var before = Interlocked.CompareExchange(ref _state, Running, Idle);
        if (before != Idle) ThrowNotIdle(before);
    }

    private void Leave()
    {
        if (Interlocked.CompareExchange(ref _state, Idle, Running) != Running) Free();
    }

    private void ThrowIfNotIdle()
    {
        var state = Volatile.Read(ref _state);
        if (state != Idle) ThrowNotIdle(state);
    }

    private static void ThrowIfOutside(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
    }

    private void ThrowNotIdle(int state)
    {
        ObjectDisposedException.ThrowIf(state != Running, this);
        throw new InvalidOperationException("The binding is running; each lane needs a binding of its own.");
    }

    private void Free()
    {
        DropResult();
        foreach (var slot in _inputs) slot.Dispose();
        foreach (var slot in _outputs) slot.Dispose();
        NativeApi.ReleaseRunOptions(_runOptions);
        NativeMemory.Free(_inputValues);
        _model.Release();
    }

    private InvalidInputException MissingInputs() =>
        new([.. _inputs.Index().Where(i => i.Item.Tensor is null).Select(i => $"input '{_model.Signature.Inputs[i.Index].Name}' is not set")], _model.Signature);

    private NotSupportedException NotATensor(int output) =>
        new($"The output '{_model.Signature.Outputs[output].Name}' of {_model.ModelId} is not a dense tensor; sequences, maps, optional and sparse values are not supported. Leave it out of the requested outputs.");
}
