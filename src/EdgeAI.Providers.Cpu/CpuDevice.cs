using EdgeAI.Devices;
using EdgeAI.OnnxRuntime;
using EdgeAI.Providers.Cpu.Placement;
using EdgeAI.Providers.Cpu.Probing;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cpu;

/// <summary>The CPU, run by ONNX Runtime's default execution provider.</summary>
internal sealed class CpuDevice : IDevice
{
    // Reading the files takes 0.1 to 0.2 ms; routing asks far more often than free memory changes.
    private static readonly TimeSpan _memoryFreshness = TimeSpan.FromMilliseconds(250);

    // Heat changes slowly, power and load are means over this time, and machines with many cores have many counters to read.
    private static readonly TimeSpan _stateFreshness = TimeSpan.FromSeconds(1);

    private readonly CpuFacts _facts;
    private readonly CpuOptions _options;
    private readonly OnnxSessionSetup _setup;
    private readonly PlacementLedger? _placement;
    private readonly TimeProvider _time;
    private readonly Lock _reading = new();
    private long? _freeMemory;
    private long? _memoryReadAt;
    private CpuState _state;
    private long? _stateReadAt;
    private volatile bool _isDisposed;

    public CpuDevice(CpuFacts facts, CpuOptions options, ILoggerFactory? loggers, TimeProvider time)
    {
        _facts = facts;
        _options = options;
        _time = time;
        _setup = new OnnxSessionSetup { DeviceId = facts.Info.Id, LoggerFactory = loggers, SpinDuration = options.SpinDuration };

        // The numbers of another machine's processors mean nothing here.
        if (options.PlaceThreads && facts.IsLive && facts.Info.Topology is { } topology) _placement = new PlacementLedger(topology);
        Info = facts.Info with { Parallelism = options.MaxParallelism ?? facts.Info.Parallelism, Versions = $"ONNX Runtime {OnnxRuntimeLibrary.ExpectedVersion}" };
    }

    public DeviceInfo Info { get; }

    /// <summary>Threads placed in each memory node now; empty where none are placed.</summary>
    internal IReadOnlyList<int> PlacedThreads => _placement?.Load ?? [];

    public DeviceStatus GetStatus()
    {
        lock (_reading)
        {
            if (IsDue(ref _memoryReadAt, _memoryFreshness)) _freeMemory = _facts.ReadFreeMemory();
            if (IsDue(ref _stateReadAt, _stateFreshness)) _state = _facts.ReadState();
            return new()
            {
                Health = DeviceHealth.Healthy,
                FreeMemoryBytes = _freeMemory,
                TemperatureCelsius = _state.TemperatureCelsius,
                TemperatureLimitCelsius = _state.TemperatureLimitCelsius,
                PowerWatts = _state.PowerWatts,
                PowerLimitWatts = _state.PowerLimitWatts,
                IsThrottled = _state.IsThrottled,
                ClockHertz = _state.ClockHertz,
            };
        }
    }

    public DeviceSupport Evaluate(ModelDescriptor model) => OnnxOperatorSupport.Evaluate(model);

    public async ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Lanes, 1);

        // Who sets the workers' places by hand places the lanes too.
        var ledger = options.Settings.ContainsKey(SessionKeys.Affinities) ? null : _placement;

        // A session with workers serves one lane, one without serves them all.
        var request = new LaneRequest(options.Threads == 1 ? options.Lanes : 1, options.Threads, options.Lanes);
        var threads = new SessionThreads(ledger, model.Id, request, _options.FlushDenormals);
        try
        {
            var setup = _setup with { Threads = threads, EnterLoading = threads.EnterLoading, Configure = native => Configure(native, threads) };
            return await OnnxSessionFactory.OpenAsync(model, options, setup, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            threads.Dispose();
            throw;
        }
    }

    private void Configure(SessionOptions native, SessionThreads threads)
    {
        if (threads.WorkerAffinities is { } affinities) native.AddSessionConfigEntry(SessionKeys.Affinities, affinities);
        if (_options.FlushDenormals) native.AddSessionConfigEntry(SessionKeys.FlushDenormals, "1");
    }

    public ValueTask DisposeAsync()
    {
        _isDisposed = true;
        return ValueTask.CompletedTask;
    }

    private bool IsDue(ref long? readAt, TimeSpan freshness)
    {
        if (readAt is { } before && _time.GetElapsedTime(before) < freshness) return false;
        readAt = _time.GetTimestamp();
        return true;
    }

    /// <summary>Keys of onnxruntime_session_options_config_keys.h.</summary>
    private static class SessionKeys
    {
        public const string Affinities = "session.intra_op_thread_affinities";
        public const string FlushDenormals = "session.set_denormal_as_zero";
    }
}
