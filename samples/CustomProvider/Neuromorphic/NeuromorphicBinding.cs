using EdgeAI.Devices;
using EdgeAI.Samples.Neuromorphic.Events;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>One lane: the bound tensors, and the activations of its core group.</summary>
internal sealed class NeuromorphicBinding : ISessionBinding
{
    private readonly NeuromorphicSession _session;
    private readonly ActivationStore _activations;
    private readonly TensorValue?[] _inputs;
    private readonly TensorValue?[] _bound;
    private readonly TensorValue?[] _own;               // outputs that the session allocated, until they are handed over
    private readonly TensorValue?[] _written;           // bound outputs of the last run: others may be bound since
    private bool _hasAnswer;
    private bool _isDisposed;

    public NeuromorphicBinding(NeuromorphicSession session)
    {
        _session = session;
        _activations = new ActivationStore(session.Program, session.Device.Memory);
        _inputs = new TensorValue?[session.Signature.Inputs.Count];
        _bound = new TensorValue?[session.Signature.Outputs.Count];
        _own = new TensorValue?[_bound.Length];
        _written = new TensorValue?[_bound.Length];
    }

    public void SetInput(int index, TensorValue value)
    {
        ArgumentNullException.ThrowIfNull(value);
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ThrowIfOutside(index, _inputs.Length);
        ThrowIfUnfit(_session.Signature.Inputs[index], value);
        _inputs[index] = value;
    }

    public void SetOutput(int index, TensorValue? value)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ThrowIfOutside(index, _bound.Length);
        if (value is not null)
        {
            ThrowIfUnfit(_session.Signature.Outputs[index], value);
            if (value.Buffer.IsReadOnly) throw Invalid($"the tensor for output '{_session.Signature.Outputs[index].Name}' is read-only");
        }

        _bound[index] = value;
    }

    public TensorValue GetOutput(int index)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ThrowIfOutside(index, _bound.Length);
        if (!_hasAnswer) throw new InvalidOperationException("There is no successful run to take an output of; await RunAsync first.");
        if (_written[index] is { } written) return written;
        var own = _own[index] ?? throw new InvalidOperationException($"Output '{_session.Signature.Outputs[index].Name}' of this run was already handed over; keep what the first call gave.");
        _own[index] = null;
        return own;
    }

    // Runs on its caller's thread to the end: the contract allows it, because only lane threads call it.
    public ValueTask RunAsync(CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        _hasAnswer = false;
        DropOwnOutputs();
        cancellationToken.ThrowIfCancellationRequested();
        ThrowIfUnbound();
        _session.Device.LaneStarted();
        try
        {
            Prepare();
            var count = _session.Program.Run(_activations, cancellationToken);
            Deliver();
            _session.Device.Activity.Add(count);
            _hasAnswer = true;
            return ValueTask.CompletedTask;
        }
        catch (OutOfMemoryException exception)
        {
            throw new DeviceFaultException(_session.Device.Info.Id, $"{_session.ModelId}: {_session.Device.Info.Id} ran out of memory: {exception.Message}", exception);
        }
        finally
        {
            if (!_hasAnswer) DropOwnOutputs();
            _session.Device.LaneEnded();
        }
    }

    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        DropOwnOutputs();
        _activations.Dispose();
    }

    /// <summary>Finds lengths and storage, before any work is done.</summary>
    private void Prepare()
    {
        try
        {
            _activations.Bind(_inputs!);
        }
        catch (NotSupportedException exception)
        {
            throw Invalid(exception.Message);
        }

        for (var i = 0; i < _bound.Length; i++)
        {
            var lengths = _activations.Output(i).Lengths;
            if (_bound[i] is { } bound && !bound.Lengths.SequenceEqual(lengths))
            {
                throw Invalid($"the tensor bound to output '{_session.Signature.Outputs[i].Name}' has the lengths {TensorShape.Format(bound.Lengths)} but this run gives {TensorShape.Format(lengths)}");
            }
        }
    }

    private void Deliver()
    {
        for (var i = 0; i < _bound.Length; i++)
        {
            var answer = _activations.Output(i);
            var destination = _bound[i] ?? (_own[i] = _session.Device.Memory.AllocateTensor(answer.Lengths));
            answer.AsSpan<float>().CopyTo(destination.AsWritableSpan<float>());
            _written[i] = _bound[i];
        }
    }

    private void DropOwnOutputs()
    {
        foreach (ref var output in _own.AsSpan())
        {
            output?.Dispose();
            output = null;
        }
    }

    private void ThrowIfUnbound()
    {
        if (Array.IndexOf(_inputs, null) < 0) return;
        var missing = _session.Signature.Inputs.Where((_, i) => _inputs[i] is null);
        throw new InvalidInputException([.. missing.Select(spec => $"input '{spec.Name}' is not bound")], _session.Signature);
    }

    private void ThrowIfUnfit(TensorSpec spec, TensorValue value)
    {
        if (value.ElementType != spec.ElementType) throw Invalid($"'{spec.Name}' is {spec.ElementType.ToName()} but the tensor is {value.ElementType.ToName()}");
        if (!value.IsHostAccessible) throw Invalid($"the tensor for '{spec.Name}' lies in the memory of another device");
        if (!Fits(spec, value.Lengths)) throw Invalid($"'{spec.Name}' is {spec} but the tensor has the lengths {TensorShape.Format(value.Lengths)}");
    }

    private static bool Fits(TensorSpec spec, ReadOnlySpan<nint> lengths)
    {
        if (!spec.HasRank) return true;
        if (lengths.Length != spec.Lengths.Length) return false;
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (spec.Lengths[axis] >= 0 && spec.Lengths[axis] != lengths[axis]) return false;
        }

        return true;
    }

    private InvalidInputException Invalid(string problem) => new([problem], _session.Signature);

    private static void ThrowIfOutside(int index, int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
    }
}
