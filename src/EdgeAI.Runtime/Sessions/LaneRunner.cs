using EdgeAI.Devices;
using EdgeAI.Requests;

namespace EdgeAI.Sessions;

/// <summary>Binds a request's tensors, runs the session, and collects the outputs. Used by one lane; not thread-safe.</summary>
internal sealed class LaneRunner : IDisposable
{
    private readonly ISessionBinding _binding;
    private readonly IOutputSelection? _outputSelection;
    private readonly DeviceStaging? _staging;
    private readonly int _outputCount;
    private OutputSelection? _selected;

    public LaneRunner(IDeviceSession session, DeviceStaging? staging)
    {
        _binding = session.CreateBinding();
        _outputSelection = _binding as IOutputSelection;
        _staging = staging;
        _outputCount = session.Signature.Outputs.Count;
    }

    /// <summary>The outputs that the request asked for, in its order; the caller owns them.</summary>
    public TensorValue[] Run(InferenceWork work, RunCancellation cancellation)
    {
        Select(work.Outputs);
        var staged = _staging?.StageInputs(work.Inputs);
        try
        {
            var inputs = staged ?? work.Inputs;
            for (var i = 0; i < inputs.Length; i++) _binding.SetInput(i, inputs[i]!);
            var hasDestinations = SetDestinations(work);
            try
            {
                Run(cancellation, work.CancellationToken);
                return Collect(work);
            }
            finally
            {
                if (hasDestinations) ClearDestinations(work);
            }
        }
        finally
        {
            if (staged is not null) DeviceStaging.Drop(staged, work.Inputs);
        }
    }

    public void Dispose() => _binding.Dispose();

    private void Select(OutputSelection outputs)
    {
        if (ReferenceEquals(_selected, outputs)) return;
        _outputSelection?.SelectOutputs(outputs.Indexes);
        _selected = outputs;
    }

    private void Run(RunCancellation cancellation, CancellationToken request)
    {
        try
        {
            using (cancellation.Link(request)) LaneThread.Wait(_binding.RunAsync(cancellation.Token));
        }
        finally
        {
            cancellation.Renew();
        }
    }

    private bool SetDestinations(InferenceWork work)
    {
        if (_staging is not null) return false;
        var any = false;
        for (var i = 0; i < _outputCount; i++)
        {
            if (work.Destinations[i] is not { } destination) continue;
            _binding.SetOutput(i, destination);
            any = true;
        }

        return any;
    }

    private void ClearDestinations(InferenceWork work)
    {
        for (var i = 0; i < _outputCount; i++)
        {
            if (work.Destinations[i] is not null) _binding.SetOutput(i, null);
        }
    }

    private TensorValue[] Collect(InferenceWork work)
    {
        var indexes = work.Outputs.Indexes;
        var outputs = new TensorValue[indexes.Length];
        var collected = 0;
        try
        {
            for (; collected < outputs.Length; collected++)
            {
                var index = indexes[collected];
                outputs[collected] = _staging is null
                    ? work.Destinations[index]?.Share() ?? _binding.GetOutput(index)
                    : _staging.ToHost(_binding.GetOutput(index), work.Destinations[index]);
            }
        }
        catch
        {
            for (var i = 0; i < collected; i++) outputs[i].Dispose();
            throw;
        }

        if (_outputSelection is null && indexes.Length < _outputCount) DropUnasked(indexes);
        return outputs;
    }

    /// <summary>A device that cannot leave outputs out has computed them all.</summary>
    private void DropUnasked(ReadOnlySpan<int> asked)
    {
        for (var i = 0; i < _outputCount; i++)
        {
            if (!asked.Contains(i)) _binding.GetOutput(i).Dispose();
        }
    }
}
