using EdgeAI.Devices;
using EdgeAI.Samples.Neuromorphic.Events;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>A model on the toy device: the program with its synapses, shared by all lanes.</summary>
internal sealed class NeuromorphicSession : IDeviceSession
{
    private readonly nuint _synapseBytes;
    private int _isDisposed;

    /// <exception cref="OutOfMemoryException">The synapses do not fit.</exception>
    public NeuromorphicSession(NeuromorphicDevice device, ModelDescriptor model, EventProgram program, DeviceSessionOptions options)
    {
        Device = device;
        ModelId = model.Id;
        Program = program;
        Signature = FixLengths(model.Signature, options.FreeDimensionOverrides);
        _synapseBytes = (nuint)model.WeightBytes;
        device.Memory.Reserve(_synapseBytes);
        try
        {
            // Copied now, so the descriptor and its files are not needed afterwards.
            program.LoadSynapses();
        }
        catch
        {
            device.Memory.Return(_synapseBytes);
            throw;
        }
    }

    public NeuromorphicDevice Device { get; }

    public string ModelId { get; }

    public EventProgram Program { get; }

    public ModelSignature Signature { get; }

    public IDeviceMemory Memory => Device.Memory;

    public int MaxConcurrentRuns => Device.CoreGroups;

    public ISessionBinding CreateBinding()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return new NeuromorphicBinding(this);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0) Device.Memory.Return(_synapseBytes);
        return ValueTask.CompletedTask;
    }

    private static ModelSignature FixLengths(ModelSignature signature, IReadOnlyDictionary<string, long> lengths) =>
        lengths.Count == 0 ? signature : new ModelSignature([.. signature.Inputs.Select(spec => FixLengths(spec, lengths))], [.. signature.Outputs.Select(spec => FixLengths(spec, lengths))]);

    private static TensorSpec FixLengths(TensorSpec spec, IReadOnlyDictionary<string, long> lengths)
    {
        var known = spec.Lengths.ToArray();
        for (var axis = 0; axis < known.Length; axis++)
        {
            if (known[axis] < 0 && spec.LengthNames[axis] is { } name && lengths.TryGetValue(name, out var length)) known[axis] = (nint)length;
        }

        return new TensorSpec(spec.Name, spec.ElementType, known, spec.LengthNames) { HasRank = spec.HasRank };
    }
}
