using EdgeAI.Devices;

namespace EdgeAI.OnnxRuntime;

/// <summary>Tensors bound to one lane of a session whose runs are captured as graphs: runs replay the graph of their shape, or go the usual way where there is none.</summary>
internal sealed class CapturingBinding : ISessionBinding, IOutputSelection
{
    // The execution provider neither captures nor replays (gpu_graph_id of onnxruntime_run_options_config_keys.h).
    private const int NoGraph = -1;

    private readonly LoadedModel _model;
    private readonly CapturedGraphs _graphs;
    private readonly OnnxSessionBinding _usual;
    private readonly BindingUse _use;
    private readonly TensorValue?[] _inputs;
    private readonly TensorValue?[] _destinations;      // by output
    private readonly TensorValue?[] _wanted;            // by position: those of the selected outputs
    private readonly TensorValue?[] _results;           // by position: of the last run, as long as nobody took them
    private readonly TensorValue[] _answers;            // by position: of a usual run, for the graphs to learn from
    private int[] _selection;
    private bool _hasResult;

    public CapturingBinding(LoadedModel model, CapturedGraphs graphs, IOnnxDeviceMemory? memory)
    {
        graphs.Retain();
        _model = model;
        _graphs = graphs;
        _usual = new OnnxSessionBinding(model, memory, graphs.Capture.Gate, NoGraph);
        _use = new BindingUse(this, Free);
        _inputs = new TensorValue?[model.Signature.Inputs.Count];
        var outputs = model.Signature.Outputs.Count;
        (_destinations, _wanted, _results, _answers) = (new TensorValue?[outputs], new TensorValue?[outputs], new TensorValue?[outputs], new TensorValue[outputs]);
        _selection = [.. Enumerable.Range(0, outputs)];
    }

    public void SetInput(int index, TensorValue value)
    {
        _use.ThrowIfNotIdle();
        _usual.SetInput(index, value);
        _inputs[index] = value;
    }

    public void SetOutput(int index, TensorValue? value)
    {
        _use.ThrowIfNotIdle();
        _usual.SetOutput(index, value);
        _destinations[index] = value;
    }

    public void SelectOutputs(ReadOnlySpan<int> indexes)
    {
        _use.ThrowIfNotIdle();
        _usual.SelectOutputs(indexes);
        Drop();
        _selection = indexes.ToArray();
    }

    public TensorValue GetOutput(int index)
    {
        _use.ThrowIfNotIdle();
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, _destinations.Length);
        var position = _selection.IndexOf(index);
        var name = _model.Signature.Outputs[index].Name;
        if (!_hasResult || position < 0) throw new InvalidOperationException($"There is no output '{name}' of a successful run; run first, with this output selected.");
        var result = _results[position] ?? throw new InvalidOperationException($"The output '{name}' of this run was handed over already.");
        if (!ReferenceEquals(result, _wanted[position])) _results[position] = null;
        return result;
    }

    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        try
        {
            _use.Enter();
            try
            {
                Drop();
                lock (_graphs.Turn) Run(cancellationToken);
                _hasResult = true;
                return ValueTask.CompletedTask;
            }
            finally
            {
                _use.Leave();
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromCanceled(cancellationToken);
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Frees the binding; while it runs, at the end of the run.</summary>
    public void Dispose() => _use.Dispose();

    private void Run(CancellationToken cancellationToken)
    {
        for (var position = 0; position < _selection.Length; position++) _wanted[position] = _destinations[_selection[position]];
        var shape = _graphs.Find(_inputs, _selection);
        if (shape?.IsCaptured == true && shape.FitsOutputs(_wanted)) Replay(shape);
        else RunUsual(shape, cancellationToken);
    }

    private void Replay(CapturedShape shape)
    {
        // Whatever the caller disposes meanwhile, native code keeps its memory until it has returned.
        var inputsHeld = 0;
        var outputsHeld = 0;
        var gate = _graphs.Capture.Gate;
        gate?.EnterRun();
        try
        {
            for (; inputsHeld < _inputs.Length; inputsHeld++) _inputs[inputsHeld]!.Retain();
            for (; outputsHeld < _selection.Length; outputsHeld++) _wanted[outputsHeld]?.Retain();
            shape.Replay(_inputs, _graphs.Capture);
            for (var position = 0; position < _selection.Length; position++) _results[position] = shape.CopyOut(position, _wanted[position], _graphs.Capture);
        }
        catch (Exception e) when (e is not (EdgeAIException or InvalidInputException))
        {
            // Of the memory that copies.
            Drop();
            throw new DeviceFaultException(_model.DeviceId, $"{_model.ModelId}: the run failed on {_model.DeviceId}; {e.Message.TrimEnd('.')}.", _model.FindDeviceFault?.Invoke(e.Message) ?? e);
        }
        catch
        {
            Drop();
            throw;
        }
        finally
        {
            while (inputsHeld > 0) _inputs[--inputsHeld]!.Release();
            while (outputsHeld > 0) _wanted[--outputsHeld]?.Release();
            gate?.LeaveRun();
        }
    }

    private void RunUsual(CapturedShape? shape, CancellationToken cancellationToken)
    {
        CapturedShape.Wait(_usual.RunAsync(cancellationToken));
        for (var position = 0; position < _selection.Length; position++) _results[position] = _answers[position] = _usual.GetOutput(_selection[position]);
        _graphs.Learn(shape, _inputs, _selection, _answers.AsSpan(0, _selection.Length));
        Array.Clear(_answers);
    }

    /// <summary>Releases what a run left and nobody took.</summary>
    private void Drop()
    {
        _hasResult = false;
        for (var position = 0; position < _results.Length; position++)
        {
            if (!ReferenceEquals(_results[position], _wanted[position])) _results[position]?.Dispose();
            _results[position] = null;
        }
    }

    private void Free()
    {
        Drop();
        _usual.Dispose();
        _graphs.Release();
    }
}
