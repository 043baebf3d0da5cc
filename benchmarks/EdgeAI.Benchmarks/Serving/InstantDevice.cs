using EdgeAI.Devices;

namespace EdgeAI.Benchmarks.Serving;

/// <summary>A device that has its answers ready: all time that a request takes is the engine's own. Its tensors lie in host memory.</summary>
internal sealed class InstantDevice : IDeviceProvider, IDevice, IDeviceMemory
{
    public string Name => "instant";

    public DeviceInfo Info { get; } = new("instant:0", "instant", new DeviceKind("instant"), "answers at once") { Parallelism = Environment.ProcessorCount };

    public nuint Alignment => 64;

    public bool IsHostAccessible => true;

    public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(DeviceDiscovery.Found(this));

    public DeviceStatus GetStatus() => new() { Health = DeviceHealth.Healthy };

    public DeviceSupport Evaluate(ModelDescriptor model) => DeviceSupport.Full;

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult<IDeviceSession>(new Session(model.Signature, this));

    public DeviceBuffer Allocate(nuint byteLength) => new NativeBuffer(byteLength, Alignment);

    public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default) =>
        throw new NotSupportedException("Everything lies in host memory.");

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Session(ModelSignature signature, IDeviceMemory memory) : IDeviceSession
    {
        public ModelSignature Signature => signature;

        public IDeviceMemory Memory => memory;

        public int MaxConcurrentRuns => 64;

        public ISessionBinding CreateBinding() => new Binding(signature);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>Answers zeros, as many rows as the first input has.</summary>
    private sealed class Binding(ModelSignature signature) : ISessionBinding
    {
        private readonly Dictionary<nint, TensorValue> _answers = [];
        private TensorValue? _input;
        private TensorValue? _destination;

        public void SetInput(int index, TensorValue value) => _input = value;

        public void SetOutput(int index, TensorValue? value) => _destination = value;

        public TensorValue GetOutput(int index)
        {
            var rows = _input!.Lengths[0];
            if (!_answers.TryGetValue(rows, out var answer))
            {
                nint[] lengths = [rows, .. signature.Outputs[0].Lengths[1..]];
                _answers[rows] = answer = TensorValue.Create(new float[TensorShape.GetElementCount(lengths)], lengths);
            }

            return answer.Share();
        }

        public ValueTask RunAsync(CancellationToken cancellationToken = default)
        {
            if (_destination is not null) _destination.AsWritableSpan<float>().Clear();
            return ValueTask.CompletedTask;
        }

        public void Dispose()
        {
            foreach (var answer in _answers.Values) answer.Dispose();
        }
    }
}
