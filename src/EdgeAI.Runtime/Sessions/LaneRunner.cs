using EdgeAI.Batching;
using EdgeAI.Devices;
using EdgeAI.Requests;

namespace EdgeAI.Sessions;

/// <summary>
/// Runs requests on a session, one by itself or several stacked. A request by itself passes through uncopied. Used by one lane; not thread-safe.
/// </summary>
internal sealed class LaneRunner : IDisposable
{
    private readonly Lock _gate = new();
    private readonly BatchTensors _batchTensors;        // what callers get
    private readonly SemaphoreSlim? _turns;
    private readonly PaddingLayout? _padding;
    private readonly ModelSignature _signature;
    private readonly string _deviceId;
    private readonly TensorValue?[] _stacked;
    private readonly TensorValue?[] _pooled;
    private readonly List<TensorValue> _parts = [];
    private ISessionBinding? _attached;
    private IOutputSelection? _outputSelection;
    private DeviceStaging? _staging;
    private BatchTensors _boundTensors = null!;         // what the device reads and writes
    private OutputSelection? _selected;
    private bool _isDisposed;

    public LaneRunner(IDeviceSession session, string deviceId, DeviceStaging? staging, SemaphoreSlim? turns, BatchTensors boundTensors, BatchTensors batchTensors, PaddingLayout? padding)
    {
        Attach(session, staging, boundTensors);
        _turns = turns;
        _batchTensors = batchTensors;
        _padding = padding;
        _signature = session.Signature;
        _deviceId = deviceId;
        _stacked = new TensorValue?[_signature.Inputs.Count];
        _pooled = new TensorValue?[_signature.Outputs.Count];
    }

    /// <summary>Runs one request, or several of the same shape group.</summary>
    /// <returns>For each request the outputs it asked for, in its order; the caller owns them.</returns>
    /// <exception cref="BatchLengthException">A stacked run has answered another number of rows than it was given.</exception>
    public TensorValue[][] Run(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        var answers = works.Length == 1 ? [RunSingle(works, cancellation)] : RunStacked(works, cancellation);
        for (var i = 0; i < answers.Length; i++)
        {
            if (works[i].UnfilledLength > 0) _padding!.Cut(answers[i], works[i].Outputs.Indexes, works[i].UnfilledLength);
        }

        return answers;
    }

    /// <summary>Leaves its session, which is about to be closed.</summary>
    public void Detach()
    {
        lock (_gate)
        {
            _attached?.Dispose();
            (_attached, _outputSelection, _selected) = (null, null, null);
        }
    }

    /// <summary>Goes on with another session of the same model; not where its lane has ended meanwhile.</summary>
    public void Attach(IDeviceSession session, DeviceStaging? staging, BatchTensors boundTensors)
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _attached = session.CreateBinding();
            _outputSelection = _attached as IOutputSelection;
            _staging = staging;
            _boundTensors = boundTensors;
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            Detach();
        }
    }

    /// <summary>There is one while a run is possible.</summary>
    private ISessionBinding Binding => _attached!;

    private TensorValue[][] RunStacked(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        var layout = works[0].Shape.Layout!;
        try
        {
            for (var i = 0; i < _stacked.Length; i++) _stacked[i] = StackInput(works, i, layout.InputAxes[i]);
            foreach (var work in works) work.Detach();
            RentOutputs(works, layout);
            var outputs = Run(_stacked, works, cancellation, _pooled);
            try
            {
                var answers = CutUp(outputs, works, layout);
                works[0].Shape.OutputsAreAsDeclared |= _staging is null && AreAsDeclared(outputs, works[0].Outputs, layout);
                return answers;
            }
            finally
            {
                foreach (var output in outputs) output.Dispose();
            }
        }
        finally
        {
            foreach (var input in _stacked) input?.Dispose();
            foreach (var output in _pooled) output?.Dispose();
            Array.Clear(_stacked);
            Array.Clear(_pooled);
        }
    }

    private TensorValue[] RunSingle(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        var work = works[0];
        var outputs = Run(work.Inputs, works, cancellation, work.Destinations);
        if (work.Shape.Layout is { } layout && FindWrongLength(outputs, work.Outputs, layout, work.Rows) is { } wrong)
        {
            foreach (var output in outputs) output.Dispose();
            throw new DeviceFaultException(_deviceId, $"the device answered {wrong.Actual} rows instead of {work.Rows} in output '{_signature.Outputs[wrong.Output].Name}'.");
        }

        return outputs;
    }

    /// <summary>Binds, runs and collects. The outputs asked for, in host memory; the caller owns them.</summary>
    private TensorValue[] Run(TensorValue?[] inputs, ReadOnlySpan<InferenceWork> works, RunCancellation cancellation, TensorValue?[]? destinations)
    {
        Select(works[0].Outputs);
        var staged = _staging?.StageInputs(inputs);
        try
        {
            var bound = staged ?? inputs;
            for (var i = 0; i < bound.Length; i++) Binding.SetInput(i, bound[i]!);
            var hasDestinations = SetDestinations(destinations);
            try
            {
                RunBinding(works, cancellation);
                return Collect(works[0].Outputs, destinations);
            }
            finally
            {
                if (hasDestinations) ClearDestinations(destinations!);
            }
        }
        finally
        {
            if (staged is not null) DeviceStaging.Drop(staged, inputs);
        }
    }

    private void RunBinding(ReadOnlySpan<InferenceWork> works, RunCancellation cancellation)
    {
        _turns?.Wait();
        try
        {
            cancellation.Link(works);
            LaneThread.Wait(Binding.RunAsync(cancellation.Token));
        }
        finally
        {
            cancellation.Unlink();
            _turns?.Release();
        }
    }

    private TensorValue StackInput(ReadOnlySpan<InferenceWork> works, int input, int axis)
    {
        // An input without a batch axis is equal among them: that is what makes them a group.
        if (axis == BatchLayout.Shared) return works[0].Inputs[input]!.Share();
        _parts.Clear();
        foreach (var work in works) _parts.Add(work.Inputs[input]!);
        return _boundTensors.Stack(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_parts), axis);
    }

    /// <summary>
    /// Has the device write into pooled memory what its model declares in every length but the rows. Not before a run has shown that the declaration is
    /// true: runtimes take it as a hint, and refuse to write another shape into memory that is given.
    /// </summary>
    private void RentOutputs(ReadOnlySpan<InferenceWork> works, BatchLayout layout)
    {
        if (!works[0].Shape.OutputsAreAsDeclared) return;
        var rows = 0;
        foreach (var work in works) rows += work.Rows;
        foreach (var index in works[0].Outputs.Indexes)
        {
            if (layout.OutputAxes[index] is not BatchLayout.Shared and var axis && IsDeclared(_signature.Outputs[index], axis)) _pooled[index] = _boundTensors.Rent(_signature.Outputs[index], axis, rows);
        }
    }

    private bool AreAsDeclared(TensorValue[] outputs, OutputSelection selection, BatchLayout layout)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            var index = selection.Indexes[i];
            var spec = _signature.Outputs[index];
            if (layout.OutputAxes[index] is not BatchLayout.Shared and var axis && IsDeclared(spec, axis) && !HasLengths(outputs[i], spec, axis)) return false;
        }

        return true;
    }

    /// <summary>Whether all lengths but the rows are known beforehand.</summary>
    private static bool IsDeclared(TensorSpec spec, int axis)
    {
        if (!spec.HasRank || axis >= spec.Lengths.Length || spec.ElementType == TensorElementType.String) return false;
        for (var i = 0; i < spec.Lengths.Length; i++)
        {
            if (i != axis && spec.Lengths[i] < 0) return false;
        }

        return true;
    }

    private static bool HasLengths(TensorValue tensor, TensorSpec spec, int axis)
    {
        if (tensor.ElementType != spec.ElementType || tensor.Lengths.Length != spec.Lengths.Length) return false;
        for (var i = 0; i < spec.Lengths.Length; i++)
        {
            if (i != axis && tensor.Lengths[i] != spec.Lengths[i]) return false;
        }

        return true;
    }

    private TensorValue[][] CutUp(TensorValue[] outputs, ReadOnlySpan<InferenceWork> works, BatchLayout layout)
    {
        var rows = 0;
        foreach (var work in works) rows += work.Rows;
        if (FindWrongLength(outputs, works[0].Outputs, layout, rows) is { } wrong) throw new BatchLengthException(_signature.Outputs[wrong.Output].Name, wrong.Actual, rows);

        var answers = new TensorValue[works.Length][];
        var row = 0;
        try
        {
            for (var i = 0; i < works.Length; i++)
            {
                answers[i] = Cut(outputs, works[i], layout, row);
                row += works[i].Rows;
            }

            return answers;
        }
        catch
        {
            foreach (var answer in answers) Drop(answer ?? []);
            throw;
        }
    }

    private TensorValue[] Cut(TensorValue[] outputs, InferenceWork work, BatchLayout layout, int row)
    {
        var answer = new TensorValue[outputs.Length];
        var indexes = work.Outputs.Indexes;
        try
        {
            for (var i = 0; i < answer.Length; i++)
            {
                var axis = layout.OutputAxes[indexes[i]];
                if (work.Destinations[indexes[i]] is { } destination) answer[i] = Destinations.Write(destination, outputs[i], row, work.Rows, axis);
                else answer[i] = axis == BatchLayout.Shared ? _batchTensors.Copy(outputs[i]) : _batchTensors.Cut(outputs[i], row, work.Rows, axis);
            }

            return answer;
        }
        catch
        {
            Drop(answer);
            throw;
        }
    }

    private static (int Output, nint Actual)? FindWrongLength(TensorValue[] outputs, OutputSelection selection, BatchLayout layout, int rows)
    {
        for (var i = 0; i < outputs.Length; i++)
        {
            var axis = layout.OutputAxes[selection.Indexes[i]];
            if (axis == BatchLayout.Shared) continue;
            var lengths = outputs[i].Lengths;
            var actual = axis < lengths.Length ? lengths[axis] : 0;
            if (actual != rows) return (selection.Indexes[i], actual);
        }

        return null;
    }

    private static void Drop(TensorValue[] tensors)
    {
        foreach (var tensor in tensors) tensor?.Dispose();
    }

    private void Select(OutputSelection outputs)
    {
        if (ReferenceEquals(_selected, outputs)) return;
        _outputSelection?.SelectOutputs(outputs.Indexes);
        _selected = outputs;
    }

    private bool SetDestinations(TensorValue?[]? destinations)
    {
        if (_staging is not null || destinations is null) return false;
        var any = false;
        for (var i = 0; i < destinations.Length; i++)
        {
            if (destinations[i] is not { } destination) continue;
            Binding.SetOutput(i, destination);
            any = true;
        }

        return any;
    }

    private void ClearDestinations(TensorValue?[] destinations)
    {
        for (var i = 0; i < destinations.Length; i++)
        {
            if (destinations[i] is not null) Binding.SetOutput(i, null);
        }
    }

    private TensorValue[] Collect(OutputSelection selection, TensorValue?[]? destinations)
    {
        var indexes = selection.Indexes;
        var outputs = new TensorValue[indexes.Length];
        var collected = 0;
        try
        {
            for (; collected < outputs.Length; collected++)
            {
                var index = indexes[collected];
                outputs[collected] = _staging is null
                    ? destinations?[index]?.Share() ?? Binding.GetOutput(index)
                    : _staging.ToHost(Binding.GetOutput(index), destinations?[index]);
            }
        }
        catch
        {
            for (var i = 0; i < collected; i++) outputs[i].Dispose();
            throw;
        }

        if (_outputSelection is null && indexes.Length < _signature.Outputs.Count) DropUnasked(indexes);
        return outputs;
    }

    /// <summary>A device that cannot leave outputs out has computed them all.</summary>
    private void DropUnasked(ReadOnlySpan<int> asked)
    {
        for (var i = 0; i < _signature.Outputs.Count; i++)
        {
            if (!asked.Contains(i)) Binding.GetOutput(i).Dispose();
        }
    }
}
