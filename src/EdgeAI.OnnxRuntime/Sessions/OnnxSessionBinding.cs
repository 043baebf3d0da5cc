using EdgeAI.Devices;
using EdgeAI.OnnxRuntime.Interop;

namespace EdgeAI.OnnxRuntime;

/// <summary>Tensors bound to one lane of a session, and the run over them. Calls the C API directly: a steady run allocates nothing.</summary>
internal sealed unsafe class OnnxSessionBinding : ISessionBinding, IOutputSelection
{
    private const int Idle = 0, Running = 1, Disposed = 2, DisposedWhileRunning = 3;

    private readonly LoadedModel _model;
    private readonly RunInputs _inputs;
    private readonly RunOutputs _outputs;
    private readonly nint _runOptions;
    private int _state;

    public OnnxSessionBinding(LoadedModel model)
    {
        model.Retain();
        _model = model;
        _inputs = new RunInputs(model.Signature);
        _outputs = new RunOutputs(model);
        nint runOptions;
        NativeError.ThrowIfFailed(NativeApi.CreateRunOptions(&runOptions));
        _runOptions = runOptions;
    }

    public void SetInput(int index, TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Inputs.Count);
        _inputs.Bind(index, value);
    }

    public void SetOutput(int index, TensorValue? value)
    {
        ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Outputs.Count);
        _outputs.Bind(index, value);
    }

    public void SelectOutputs(ReadOnlySpan<int> indexes)
    {
        ThrowIfNotIdle();
        _outputs.Select(indexes);
    }

    public TensorValue GetOutput(int index)
    {
        ThrowIfNotIdle();
        ThrowIfOutside(index, _model.Signature.Outputs.Count);
        return _outputs.Take(index);
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

    /// <summary>Frees the binding; while it runs, at the end of the run.</summary>
    public void Dispose()
    {
        if (Interlocked.CompareExchange(ref _state, Disposed, Idle) == Idle) Free();
        else Interlocked.CompareExchange(ref _state, DisposedWhileRunning, Running);
    }

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
        _outputs.Dispose();
        _inputs.Dispose();
        NativeApi.ReleaseRunOptions(_runOptions);
        _model.Release();
    }
}
