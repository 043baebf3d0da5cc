using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>One lane's tensors on a simulated device.</summary>
internal sealed class SimulatedBinding : ISessionBinding
{
    private readonly SimulatedSession _session;
    private readonly TensorValue?[] _inputs;
    private readonly TensorValue?[] _boundOutputs;
    private readonly TensorValue?[] _ownOutputs;
    private readonly TensorValue?[] _written;           // the bound outputs of the last run: others may be bound since
    private nuint _workspace;
    private int _isRunning;
    private bool _hasAnswer;
    private bool _isDisposed;

    public SimulatedBinding(SimulatedSession session)
    {
        _session = session;
        _inputs = new TensorValue?[session.Signature.Inputs.Count];
        _boundOutputs = new TensorValue?[session.Signature.Outputs.Count];
        _ownOutputs = new TensorValue?[session.Signature.Outputs.Count];
        _written = new TensorValue?[session.Signature.Outputs.Count];
    }

    public void SetInput(int index, TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ThrowIfUnusable();
        ThrowIfOutside(index, _inputs.Length);
        TensorFit.Require(_session, _session.Signature.Inputs[index], value);
        _inputs[index] = value;
    }

    public void SetOutput(int index, TensorValue? value)
    {
        ThrowIfUnusable();
        ThrowIfOutside(index, _boundOutputs.Length);
        if (value is not null)
        {
            var spec = _session.Signature.Outputs[index];
            TensorFit.Require(_session, spec, value);
            if (value.ElementType == TensorElementType.String) throw new InvalidInputException([$"output '{spec.Name}' holds strings, which are never written in place; bind null and take the output"]);
            if (value.Buffer.IsReadOnly) throw new InvalidInputException([$"the tensor for output '{spec.Name}' is read-only; create it over T[] or Memory<T>"]);
        }

        _boundOutputs[index] = value;
    }

    public TensorValue GetOutput(int index)
    {
        ThrowIfUnusable();
        ThrowIfOutside(index, _boundOutputs.Length);
        if (!_hasAnswer) throw new InvalidOperationException("There is no successful run to take an output of; await RunAsync first.");
        if (_ownOutputs[index] is { } own)
        {
            _ownOutputs[index] = null;
            return own;
        }

        return _written[index]
            ?? throw new InvalidOperationException($"Output '{_session.Signature.Outputs[index].Name}' of this run was already handed over; keep what the first call gave.");
    }

    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Interlocked.Exchange(ref _isRunning, 1) != 0) throw _session.Violate($"A binding of {_session.ModelId} was run while it ran; one lane uses a binding.");
        SimulatedRun run;
        try
        {
            run = Prepare(cancellationToken);
        }
        catch
        {
            Volatile.Write(ref _isRunning, 0);
            throw;
        }

        // The quick way is no async method, because debug builds allocate a state machine for each call of one.
        var isQuick = run is { Fault: SimulatedFault.None, Latency.Ticks: <= 0 } && _session.Device.IsHere(_session.Departures);
        return isQuick ? RunAtOnce(run) : RunInTimeAsync(run, cancellationToken);
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        if (Volatile.Read(ref _isRunning) != 0) _session.Device.Ledger.AddViolation($"A binding of {_session.ModelId} was disposed while it ran.");
        DropOwnOutputs();
        _session.ReleaseBinding();
    }

    private SimulatedRun Prepare(CancellationToken cancellationToken)
    {
        _hasAnswer = false;
        DropOwnOutputs();
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfUnbound();
        return _session.Device.NextRun(_session, GetBatchSize());
    }

    private ValueTask RunAtOnce(in SimulatedRun run)
    {
        var outcome = RunOutcome.Failed;
        try
        {
            _session.BeginRun(run);
            _workspace = _session.ReserveWorkspace(run);
            Compute(run);
            outcome = RunOutcome.Completed;
            return ValueTask.CompletedTask;
        }
        finally
        {
            Finish(outcome);
        }
    }

    private async ValueTask RunInTimeAsync(SimulatedRun run, CancellationToken cancellationToken)
    {
        var outcome = RunOutcome.Failed;
        try
        {
            _session.BeginRun(run);
            _workspace = _session.ReserveWorkspace(run);
            await _session.Device.WaitAsync(run.Latency, cancellationToken).ConfigureAwait(false);
            await _session.Device.StrikeAsync(run.Fault, _session.Departures, $"run {run.Number}, {run.ModelId}", cancellationToken).ConfigureAwait(false);
            Compute(run);
            outcome = RunOutcome.Completed;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            outcome = RunOutcome.Cancelled;
            throw;
        }
        finally
        {
            Finish(outcome);
        }
    }

    private void Finish(RunOutcome outcome)
    {
        if (_workspace > 0) _session.Device.SimulatedMemory.Return(_workspace, buffers: 0);
        _workspace = 0;
        _hasAnswer = outcome == RunOutcome.Completed;
        if (_hasAnswer) _boundOutputs.CopyTo(_written, 0);
        else DropOwnOutputs();
        Volatile.Write(ref _isRunning, 0);
        _session.EndRun(outcome);
    }

    private void Compute(in SimulatedRun run)
    {
        try
        {
            SimulatedAnswer.Write(_session, run, _inputs, _boundOutputs, _ownOutputs);
        }
        catch (OutOfMemoryException exception)
        {
            throw _session.Device.OutOfMemory($"run {run.Number}, {run.ModelId}", exception);
        }
    }

    private int GetBatchSize()
    {
        if (_session.Device.Options.BatchSize is { } count) return count(_inputs!);
        foreach (var input in _inputs)
        {
            if (!input!.Lengths.IsEmpty) return checked((int)input.Lengths[0]);
        }

        return 1;
    }

    private void DropOwnOutputs()
    {
        foreach (ref var output in _ownOutputs.AsSpan())
        {
            output?.Dispose();
            output = null;
        }
    }

    private void ThrowIfUnbound()
    {
        if (Array.IndexOf(_inputs, null) < 0) return;
        var missing = _session.Signature.Inputs.Where((_, i) => _inputs[i] is null);
        throw new InvalidInputException([.. missing.Select(spec => $"input '{spec.Name}' is not bound; call SetInput before RunAsync")], _session.Signature);
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        if (Volatile.Read(ref _isRunning) != 0) throw _session.Violate($"A binding of {_session.ModelId} was touched while it ran; one lane uses a binding.");
    }

    private static void ThrowIfOutside(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
    }
}
