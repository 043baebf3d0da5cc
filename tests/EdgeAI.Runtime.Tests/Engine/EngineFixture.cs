using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Engine;

/// <summary>An engine over one simulated device, "sim:0", in virtual time.</summary>
internal sealed class EngineFixture : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private long _passed;

    public EngineFixture(Action<SimulatedDeviceOptions>? device = null, Action<EdgeAIOptions>? options = null, Action<EdgeAIBuilder>? more = null)
    {
        var services = new ServiceCollection();
        services.AddSingleton<TimeProvider>(Time);
        services.AddMetrics();
        var builder = services.AddEdgeAI(options).AddSimulatedDevice("sim:0", device);
        more?.Invoke(builder);
        _services = services.BuildServiceProvider();
        Device = _services.GetSimulatedDevice("sim:0");
        Engine = _services.GetRequiredService<IInferenceEngine>();
    }

    public TimerCountingTimeProvider Time { get; } = new();

    public IServiceProvider Services => _services;

    public SimulatedDevice Device { get; }

    public IInferenceEngine Engine { get; }

    /// <summary>A device whose runs last until virtual time moves on.</summary>
    public static void TakesOneSecond(SimulatedDeviceOptions options) => options.Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(1));

    /// <summary>An engine that measures nothing by itself, so that every run is a request's.</summary>
    public static EngineFixture ForBatching(Action<SimulatedDeviceOptions>? device = null, Action<EdgeAIOptions>? options = null, Action<EdgeAIBuilder>? more = null) =>
        new(
            device,
            engine =>
            {
                engine.MeasureInBackground = false;
                engine.Cache = MeasurementCache.Off;
                options?.Invoke(engine);
            },
            more);

    /// <summary>Loads the echo model with rows that may be stacked, eight at most, without waiting for more.</summary>
    public Task<IModelHandle> LoadBatchingAsync(Action<ModelOptions>? configure = null) => LoadBatchingAsync(TestModels.Echo(), configure, "x", "y");

    /// <summary>Loads a model with outputs "y", x itself, and "z", the sum of x's row.</summary>
    public Task<IModelHandle> LoadTwoOutputsAsync(Action<ModelOptions>? configure = null) => LoadBatchingAsync(TestModels.TwoOutputs(), configure, "x", "y", "z");

    /// <summary>Loads a model of which these tensors are stacked along axis 0.</summary>
    public Task<IModelHandle> LoadBatchingAsync(ModelSource source, Action<ModelOptions>? configure, params string[] stacked)
    {
        var options = new ModelOptions { MaxBatch = 8, BatchWait = BatchWait.None };
        foreach (var name in stacked) options.BatchAxes[name] = 0;
        configure?.Invoke(options);
        return Engine.LoadModelAsync(source, options).AsTask();
    }

    public Task<IModelHandle> LoadAsync(ModelOptions? options = null) => Engine.LoadModelAsync(TestModels.Echo(), options).AsTask();

    public static InferenceRequest Request(float value = 1, int rows = 1, RequestPriority priority = RequestPriority.Normal, TimeSpan? deadline = null, string? deviceId = null, string? orderKey = null)
    {
        var data = new float[rows * 4];
        Array.Fill(data, value);
        return new InferenceRequest { ["x"] = TensorValue.Create(data, rows, 4), Priority = priority, Deadline = deadline, DeviceId = deviceId, OrderKey = orderKey };
    }

    /// <summary>Waits until the device's next run has set its timer, and lets it end.</summary>
    public async Task PassOneRunAsync()
    {
        // A run that was passed may still count as waiting: its own thread says that it is not.
        var passed = _passed;
        await Device.WhenAsync(s => s.Waiting == 1 && s.RunsStarted > passed);
        _passed = Device.Statistics.RunsStarted;
        Time.Advance(TimeSpan.FromSeconds(1));
    }

    /// <summary>Lets so many runs of one second end, one after the other.</summary>
    public async Task PassRunsAsync(int count)
    {
        for (var run = 0; run < count; run++) await PassOneRunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        Assert.IsEmpty(Device.Violations, string.Join('\n', Device.Violations));
        Assert.AreEqual(0, Device.Statistics.OpenSessions);
        Assert.AreEqual(0, Device.Statistics.LiveBindings);
        Assert.AreEqual(0, Device.Statistics.LiveBuffers);
    }
}
