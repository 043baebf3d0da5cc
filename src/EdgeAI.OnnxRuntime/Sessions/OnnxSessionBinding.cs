using System.Globalization;
using System.Text;
using EdgeAI.Devices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Tensors bound to one lane of a session, and the run over them. Calls the C API directly: a steady run allocates nothing.</summary>
internal sealed unsafe class OnnxSessionBinding : ISessionBinding, IOutputSelection
{
    private readonly LoadedModel _model;
    private readonly RunInputs _inputs;
    private readonly RunOutputs _outputs;
    private readonly nint _runOptions;
    private readonly OnnxCaptureGate? _gate;
    private readonly BindingUse _use;

    /// <summary>Creates a binding.</summary>
    /// <param name="model">The session.</param>
    /// <param name="deviceMemory">What the execution provider uses where it lies.</param>
    /// <param name="gate">Keeps its runs apart from captures of graphs.</param>
    /// <param name="graphId">The graph that its runs capture and replay, -1 for none; <see langword="null"/> where the session captures none.</param>
    public OnnxSessionBinding(LoadedModel model, IOnnxDeviceMemory? deviceMemory = null, OnnxCaptureGate? gate = null, int? graphId = null)
    {
        model.Retain();
        _model = model;
        _gate = gate;
        _use = new BindingUse(this, Free);
        _inputs = new RunInputs(model.Signature, deviceMemory);
        _outputs = new RunOutputs(model, deviceMemory);
        nint runOptions;
        NativeError.ThrowIfFailed(NativeApi.CreateRunOptions(&runOptions));
        _runOptions = runOptions;
        if (graphId is { } id) SetGraph(id);
    }

    public void SetInput(int index, TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        _use.ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Inputs.Count);
        _inputs.Bind(index, value);
    }

    public void SetOutput(int index, TensorValue? value)
    {
        _use.ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Outputs.Count);
        _outputs.Bind(index, value);
    }

    public void SelectOutputs(ReadOnlySpan<int> indexes)
    {
        _use.ThrowIfNotIdle();
        _outputs.Select(indexes);
    }

    public TensorValue GetOutput(int index)
    {
        _use.ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Outputs.Count);
        return _outputs.Take(index);
    }

    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        if (cancellationToken.IsCancellationRequested) return ValueTask.FromCanceled(cancellationToken);
        try
        {
            _use.Enter();
            _gate?.EnterRun();
            try
            {
                return Run(cancellationToken) ? ValueTask.CompletedTask : ValueTask.FromCanceled(cancellationToken);
            }
            finally
            {
                _gate?.LeaveRun();
                _use.Leave();
            }
        }
        catch (Exception e)
        {
            return ValueTask.FromException(e);
        }
    }

    /// <summary>Frees the binding; while it runs, at the end of the run.</summary>
    public void Dispose() => _use.Dispose();

    /// <returns><see langword="false"/> when the token stopped the run.</returns>
    private bool Run(CancellationToken cancellationToken)
    {
        // Whatever the caller disposes meanwhile, native code keeps its memory until it has returned.
        int inputsHeld = 0, outputsHeld = 0;
        try
        {
            for (; inputsHeld < _inputs.Count; inputsHeld++) _inputs.BoundAt(inputsHeld).Retain();
            for (; outputsHeld < _outputs.Count; outputsHeld++) _outputs.BoundAt(outputsHeld)?.Retain();
            _inputs.CheckShapes(_model.ShapeLimits);
            _outputs.Prepare();
            _inputs.Prepare();
            if (CallNative(cancellationToken) is { } error)
            {
                _outputs.Drop();
                return cancellationToken.IsCancellationRequested ? false : throw NativeFailure.AtRun(error, _model.ModelId, _model.Signature, _model.DeviceId, _model.FindDeviceFault);
            }

            _outputs.Complete();
            return true;
        }
        finally
        {
            while (inputsHeld > 0) _inputs.BoundAt(--inputsHeld).Release();
            while (outputsHeld > 0) _outputs.BoundAt(--outputsHeld)?.Release();
        }
    }

    private NativeError? CallNative(CancellationToken cancellationToken)
    {
        var registration = cancellationToken.UnsafeRegister(static binding => ((OnnxSessionBinding)binding!).Terminate(), this);
        try
        {
            return NativeError.Take(NativeApi.Run(
                _model.Handle, _runOptions, _model.InputNames, _inputs.Values, _inputs.Count, _outputs.Names, _outputs.Count, _outputs.Values));
        }
        finally
        {
            // Waits for a callback in progress, so that a termination that comes late cannot hit the next run.
            registration.Dispose();
            if (cancellationToken.IsCancellationRequested) NativeError.ThrowIfFailed(NativeApi.RunOptionsUnsetTerminate(_runOptions));
        }
    }

    private void Terminate() => NativeError.ThrowIfFailed(NativeApi.RunOptionsSetTerminate(_runOptions));

    private void SetGraph(int id)
    {
        using var value = new NativeStrings([id.ToString(CultureInfo.InvariantCulture)], Encoding.UTF8);
        fixed (byte* key = "gpu_graph_id\0"u8) NativeError.ThrowIfFailed(NativeApi.AddRunConfigEntry(_runOptions, key, (byte*)value.Pointers[0]));
    }

    private static void ThrowIfOutside(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
    }

    private void Free()
    {
        _outputs.Dispose();
        _inputs.Dispose();
        NativeApi.ReleaseRunOptions(_runOptions);
        _model.Release();
    }
}
