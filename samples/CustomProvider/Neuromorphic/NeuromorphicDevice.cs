using EdgeAI.Devices;
using EdgeAI.Onnx;
using EdgeAI.Samples.Neuromorphic.Events;

namespace EdgeAI.Samples.Neuromorphic;

/// <summary>The toy device: a board of neuron cores with memory of its own.</summary>
internal sealed class NeuromorphicDevice : IDevice
{
    private readonly NeuromorphicMemory _memory;
    private int _lanesBusy;
    private volatile bool _isDisposed;

    public NeuromorphicDevice(NeuromorphicOptions options, SynapticActivity activity)
    {
        _memory = new NeuromorphicMemory(options.MemoryBytes);
        CoreGroups = options.CoreGroups;
        Activity = activity;
        Info = new DeviceInfo(NeuromorphicDeviceProvider.DeviceId, NeuromorphicDeviceProvider.ProviderName, new DeviceKind("neuromorphic"), "Toy neuromorphic board")
        {
            MemoryBytes = options.MemoryBytes,
            HasUnifiedMemory = true,
            Versions = "toy executor 1",
            Facts = [new DeviceFact("core groups", $"{options.CoreGroups}", nameof(NeuromorphicOptions))],
        };
    }

    public DeviceInfo Info { get; }

    public NeuromorphicMemory Memory => _memory;

    public int CoreGroups { get; }

    public SynapticActivity Activity { get; }

    public DeviceStatus GetStatus() => new()
    {
        Health = DeviceHealth.Healthy,
        LanesBusy = Volatile.Read(ref _lanesBusy),
        FreeMemoryBytes = _memory.FreeBytes,
    };

    public DeviceSupport Evaluate(ModelDescriptor model) => Compile(model, out _);

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        cancellationToken.ThrowIfCancellationRequested();
        var support = Compile(model, out var program);
        if (program is null) throw new ModelLoadException($"{Info.Id} cannot run it: {support.Reason}.", model.Id) { UnknownOperator = support.UnknownOperator };
        try
        {
            return ValueTask.FromResult<IDeviceSession>(new NeuromorphicSession(this, model, program, options));
        }
        catch (OutOfMemoryException exception)
        {
            throw new DeviceFaultException(Info.Id, $"{model.Id} does not fit on {Info.Id}: {exception.Message}", exception);
        }
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    public void LaneStarted() => Interlocked.Increment(ref _lanesBusy);

    public void LaneEnded() => Interlocked.Decrement(ref _lanesBusy);

    private DeviceSupport Compile(ModelDescriptor model, out EventProgram? program)
    {
        program = null;
        if (model.WeightBytes > Info.MemoryBytes) return DeviceSupport.None($"its weights take {model.WeightBytes} bytes but the device has {Info.MemoryBytes}");
        if (OperatorSet.FindUnknown(model) is { } unknown)
        {
            return DeviceSupport.None($"the operator {unknown} is not among those it runs: {OperatorSet.Names}") with { UnknownOperator = unknown };
        }

        if (model.GetService<OnnxModel>() is not { } graph) return DeviceSupport.None("it reads its models from ONNX graphs, and this descriptor offers none");
        try
        {
            program = EventProgram.Compile(model, graph);
            return DeviceSupport.Full;
        }
        catch (NotSupportedException exception)
        {
            return DeviceSupport.None(exception.Message);
        }
    }
}
