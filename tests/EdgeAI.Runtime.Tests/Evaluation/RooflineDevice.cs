using EdgeAI.Devices;
using EdgeAI.Onnx;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Evaluation;

/// <summary>A device of known rates: every run moves virtual time on by what its graph takes by them, and computes nothing.</summary>
internal sealed class RooflineDevice(FakeTimeProvider time, string versions = "driver 1") : IDevice
{
    public static readonly TimeSpan RunCost = TimeSpan.FromMicroseconds(20);

    public static readonly TimeSpan NodeCost = TimeSpan.FromMicroseconds(2);

    public const double Flops = 1e11;

    public const double CacheBandwidth = 4e10;

    public const double MainBandwidth = 1e10;

    public const double CopyBandwidth = 5e9;

    /// <summary>64 MiB: keeps the generated models small.</summary>
    public DeviceInfo Info { get; init; } = new("roof:0", "roof", DeviceKind.Npu, "Roofline") { MemoryBytes = 64 << 20, Parallelism = 2, Versions = versions };

    /// <summary>Weights that it holds close by.</summary>
    public long CacheBytes { get; init; } = 5 << 20;

    /// <summary>What every run takes besides.</summary>
    public TimeSpan Slowness { get; init; }

    /// <summary>Its speed as a share, by time since it was made.</summary>
    public Func<TimeSpan, double> Speed { get; init; } = _ => 1;

    public string? RefusedOperator { get; init; }

    public bool IsHostAccessible { get; init; } = true;

    /// <summary>Called before each run.</summary>
    public Action? OnRun { get; init; }

    public int Runs { get; private set; }

    public int OpenSessions { get; private set; }

    private long Made { get; } = time.GetTimestamp();

    public DeviceStatus GetStatus() => new() { Health = DeviceHealth.Healthy };

    public DeviceSupport Evaluate(ModelDescriptor model) => model.Operators.Any(use => use.OpType == RefusedOperator) ? DeviceSupport.None($"{RefusedOperator} is not supported") : DeviceSupport.Full;

    public ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        OpenSessions++;
        return new(new Session(this, (OnnxModelDescriptor)model, options.Threads));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private void Pass(TimeSpan duration) => time.Advance(duration / Speed(time.GetElapsedTime(Made)));

    private sealed class Session(RooflineDevice device, OnnxModelDescriptor model, int threads) : IDeviceSession
    {
        public ModelSignature Signature => model.Signature;

        public IDeviceMemory Memory { get; } = new Memory(device);

        public int MaxConcurrentRuns => 1;

        public ISessionBinding CreateBinding() => new Binding(device, model.Model, Signature, threads);

        public ValueTask DisposeAsync()
        {
            device.OpenSessions--;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class Binding(RooflineDevice device, OnnxModel model, ModelSignature signature, int threads) : ISessionBinding
    {
        private readonly nint[]?[] _lengths = new nint[signature.Inputs.Count][];
        private TimeSpan? _duration;

        public void SetInput(int index, TensorValue value)
        {
            _lengths[index] = value.Lengths.ToArray();
            _duration = null;
        }

        public void SetOutput(int index, TensorValue? value)
        {
        }

        public TensorValue GetOutput(int index) => TensorValue.Create(new float[1], 1);

        public ValueTask RunAsync(CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            device.OnRun?.Invoke();
            device.Runs++;
            device.Pass(_duration ??= Duration());
            return ValueTask.CompletedTask;
        }

        public void Dispose()
        {
        }

        private TimeSpan Duration()
        {
            var cost = ModelCost.Estimate(model, signature.Inputs.Select((input, index) => (input.Name, Lengths: _lengths[index]!)).ToDictionary(input => input.Name, input => input.Lengths));
            var weights = cost.WeightBytes;

            // One thread reads half as fast as two.
            var bandwidth = (weights > device.CacheBytes ? MainBandwidth : CacheBandwidth) * Math.Min(threads, 2) / 2;
            var products = cost.Nodes.Where(node => node.Rows > 0).ToArray();
            var seconds = products.Sum(node => Math.Max(node.Flops / Flops, node.WeightBytes / bandwidth));
            return RunCost + (cost.Nodes.Count * NodeCost) + TimeSpan.FromSeconds(seconds) + device.Slowness;
        }
    }

    private sealed class Memory(RooflineDevice device) : IDeviceMemory
    {
        public nuint Alignment => 64;

        public bool IsHostAccessible => device.IsHostAccessible;

        public DeviceBuffer Allocate(nuint byteLength) => HostMemory.Shared.Allocate(byteLength);

        public ValueTask CopyAsync(TensorValue from, TensorValue to, CancellationToken cancellationToken = default)
        {
            if (!device.IsHostAccessible) device.Pass(TimeSpan.FromMicroseconds(10) + TimeSpan.FromSeconds(from.ElementType.ByteLength(from.ElementCount) / CopyBandwidth));
            return ValueTask.CompletedTask;
        }
    }
}
