using EdgeAI.Devices;

namespace EdgeAI.Testing;

/// <summary>A model opened on a simulated device.</summary>
internal sealed class SimulatedSession : IDeviceSession
{
    private readonly nuint _weightBytes;
    private int _liveBindings;
    private int _running;
    private int _isDisposed;

    public SimulatedSession(SimulatedDevice device, ModelDescriptor model, DeviceSessionOptions options, long opening, int departures)
    {
        Device = device;
        ModelId = model.Id;
        Signature = FixLengths(model.Signature, options.FreeDimensionOverrides);
        Compute = model.GetService<SimulatedCompute>() ?? device.Options.Compute;
        Latency = model.GetService<LatencyCurve>();
        Cost = device.Options.Cost?.Invoke(model) ?? model.GetService<SimulatedCost>() ?? SimulatedCost.FromParameters(model);
        Opening = opening;
        Departures = departures;
        Shapes = [.. Signature.Outputs.Select(output => new ShapePlan(output, Signature.Inputs))];
        _weightBytes = (nuint)model.WeightBytes;
        try
        {
            device.SimulatedMemory.Reserve(_weightBytes);
        }
        catch (OutOfMemoryException exception)
        {
            throw device.OutOfMemory($"the opening of {model.Id}", exception);
        }

        device.Ledger.AddSessions(1);
    }

    public ModelSignature Signature { get; }

    public IDeviceMemory Memory => Device.Memory;

    public int MaxConcurrentRuns => Device.Options.MaxConcurrentRuns;

    internal SimulatedDevice Device { get; }

    internal string ModelId { get; }

    internal SimulatedCompute? Compute { get; }

    internal LatencyCurve? Latency { get; }

    internal SimulatedCost Cost { get; }

    /// <summary>Which opening of the device this was, from 1.</summary>
    internal long Opening { get; }

    /// <summary>How often the device had been pulled out when the session was opened.</summary>
    internal int Departures { get; }

    internal IReadOnlyList<ShapePlan> Shapes { get; }

    public ISessionBinding CreateBinding()
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        Interlocked.Increment(ref _liveBindings);
        Device.Ledger.AddBindings(1);
        return new SimulatedBinding(this);
    }

    public ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0) return ValueTask.CompletedTask;
        var bindings = Volatile.Read(ref _liveBindings);
        if (bindings > 0) Device.Ledger.AddViolation($"The session of {ModelId} was disposed while {bindings} of its bindings were alive.");
        Device.SimulatedMemory.Return(_weightBytes, buffers: 0);
        Device.Ledger.AddSessions(-1);
        return ValueTask.CompletedTask;
    }

    internal void BeginRun(in SimulatedRun run)
    {
        Device.Ledger.Begin(run);
        Device.Physics.AddRunning(1);
        if (Interlocked.Increment(ref _running) > MaxConcurrentRuns) throw Violate($"The session of {ModelId} runs more than {MaxConcurrentRuns} bindings at once; keep to IDeviceSession.MaxConcurrentRuns.");
    }

    internal void EndRun(RunOutcome outcome)
    {
        Interlocked.Decrement(ref _running);
        Device.Physics.AddRunning(-1);
        Device.Ledger.End(outcome);
    }

    /// <summary>Takes the memory that a run needs besides inputs and outputs. The caller gives it back.</summary>
    internal nuint ReserveWorkspace(in SimulatedRun run)
    {
        var bytes = (nuint)checked(Cost.WorkspaceBytesPerRow * run.BatchSize);
        if (bytes == 0) return 0;
        try
        {
            Device.SimulatedMemory.Reserve(bytes);
            return bytes;
        }
        catch (OutOfMemoryException exception)
        {
            throw Device.OutOfMemory($"run {run.Number}, {ModelId}", exception);
        }
    }

    internal InvalidOperationException Violate(string violation)
    {
        Device.Ledger.AddViolation(violation);
        return new InvalidOperationException(violation);
    }

    internal void ReleaseBinding()
    {
        Interlocked.Decrement(ref _liveBindings);
        Device.Ledger.AddBindings(-1);
    }

    private static ModelSignature FixLengths(ModelSignature signature, IReadOnlyDictionary<string, long> overrides) =>
        overrides.Count == 0
            ? signature
            : new ModelSignature([.. signature.Inputs.Select(spec => FixLengths(spec, overrides))], [.. signature.Outputs.Select(spec => FixLengths(spec, overrides))]);

    private static TensorSpec FixLengths(TensorSpec spec, IReadOnlyDictionary<string, long> overrides)
    {
        var lengths = spec.Lengths.ToArray();
        for (var axis = 0; axis < lengths.Length; axis++)
        {
            if (lengths[axis] < 0 && spec.LengthNames[axis] is { } name && overrides.TryGetValue(name, out var length)) lengths[axis] = (nint)length;
        }

        return new TensorSpec(spec.Name, spec.ElementType, lengths, spec.LengthNames) { HasRank = spec.HasRank };
    }
}
