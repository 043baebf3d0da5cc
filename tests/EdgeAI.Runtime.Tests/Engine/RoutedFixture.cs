using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;

namespace EdgeAI.Engine;

/// <summary>An engine over two simulated devices or three, "sim:0" and so on, in virtual time.</summary>
internal sealed class RoutedFixture : IAsyncDisposable
{
    private readonly EngineFixture _engine;

    public RoutedFixture(Action<SimulatedDeviceOptions>? first = null, Action<SimulatedDeviceOptions>? second = null, bool hasThird = false)
    {
        _engine = EngineFixture.ForBatching(first, more: builder =>
        {
            builder.AddSecond(second);
            if (hasThird) builder.AddSimulatedDevice("sim:2");
            builder.Services.AddLogging(logging => logging.Services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(Logs));
        });
    }

    public FakeLoggerProvider Logs { get; } = new();

    public SimulatedDevice First => _engine.Device;

    public SimulatedDevice Second => Simulated.Get(_engine, "sim:1");

    public SimulatedDevice Third => Simulated.Get(_engine, "sim:2");

    public Microsoft.Extensions.Time.Testing.FakeTimeProvider Time => _engine.Time;

    /// <summary>Loads the echo model, and waits until every device has joined or was left out.</summary>
    public async Task<IModelHandle> LoadAsync(Action<ModelOptions>? configure = null)
    {
        var model = await _engine.LoadBatchingAsync(configure);
        await JoinedAsync(model);
        return model;
    }

    /// <summary>Loads the echo model, and does not wait for the other devices.</summary>
    public Task<IModelHandle> LoadFirstAsync(Action<ModelOptions>? configure = null) => _engine.LoadBatchingAsync(configure);

    public static Task JoinedAsync(IModelHandle model) => ((LoadedModel)model.GetService(typeof(LoadedModel))!).Joined;

    /// <summary>Callers are answered before their lanes are free again: completes when all are.</summary>
    public static async Task SettledAsync(IModelHandle model)
    {
        var driver = ((LoadedModel)model.GetService(typeof(LoadedModel))!).Driver;
        while (driver.Running > 0) await Task.Yield();
    }

    /// <summary>A request of each device hangs, the second's by name, so that what comes next waits.</summary>
    public async Task<Task<InferenceResponse>[]> OccupyBothAsync(IModelHandle model)
    {
        First.Faults.OnRun(1, SimulatedFault.Hang);
        Second.Faults.OnRun(1, SimulatedFault.Hang);
        var onFirst = model.RunAsync(EngineFixture.Request(deviceId: "sim:0"));
        var onSecond = model.RunAsync(EngineFixture.Request(deviceId: "sim:1"));
        await First.WhenAsync(s => s.Waiting == 1);
        await Second.WhenAsync(s => s.Waiting == 1);
        return [onFirst, onSecond];
    }

    public async ValueTask DisposeAsync()
    {
        var (second, third) = (Second, _engine.Services.GetRequiredService<SimulatedDeviceProvider>().Devices.Count > 2 ? Third : null);
        await _engine.DisposeAsync();
        foreach (var device in new[] { second, third })
        {
            if (device is null) continue;
            Assert.IsEmpty(device.Violations, string.Join('\n', device.Violations));
            Assert.AreEqual(0, device.Statistics.OpenSessions);
            Assert.AreEqual(0, device.Statistics.LiveBuffers);
        }
    }
}
