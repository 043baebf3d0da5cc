using System.Collections.Concurrent;
using EdgeAI.Devices;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Engine;

/// <summary>Devices that ready the threads of their lanes.</summary>
[TestClass]
public sealed class ThreadPreparationTests
{
    [TestMethod]
    public async Task LoadModelAsync_DeviceThatReadiesThreads_IsCalledOnceOnEachLanesOwnThread()
    {
        await using var device = new PreparingDevice();
        await using var services = Host(device);
        await using var model = await services.GetRequiredService<IInferenceEngine>().LoadModelAsync(TestModels.Echo(), new ModelOptions { Lanes = 2, ThreadsPerLane = 1 });

        for (var run = 0; run < 4; run++)
        {
            var pair = new[] { model.RunAsync(EngineFixture.Request()), model.RunAsync(EngineFixture.Request()) };
            foreach (var response in await Task.WhenAll(pair)) response.Dispose();
        }

        // The other lane may not have begun yet.
        await device.BothPrepared.WaitAsync(TimeSpan.FromSeconds(30));
        CollectionAssert.AreEquivalent(new[] { "EdgeAI lane 0 on prepared:0", "EdgeAI lane 1 on prepared:0" }, device.Threads.ToArray());
        Assert.IsTrue(device.Options.All(options => options is { Lanes: 2, Threads: 1 }));
    }

    private static ServiceProvider Host(PreparingDevice device)
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddEdgeAI(options =>
        {
            options.MeasureInBackground = false;
            options.Cache = MeasurementCache.Off;
        });
        services.AddSingleton<IDeviceProvider>(new Provider(device));
        return services.BuildServiceProvider();
    }

    private sealed class Provider(IDevice device) : IDeviceProvider
    {
        public string Name => "prepared";

        public ValueTask<DeviceDiscovery> DiscoverAsync(CancellationToken cancellationToken = default) => ValueTask.FromResult(DeviceDiscovery.Found(device));
    }

    private sealed class PreparingDevice : IDevice
    {
        private readonly SimulatedDevice _device = new("prepared:0");
        private readonly TaskCompletionSource _bothPrepared = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<string?> Threads { get; } = [];

        public ConcurrentQueue<DeviceSessionOptions> Options { get; } = [];

        public Task BothPrepared => _bothPrepared.Task;

        public DeviceInfo Info => _device.Info;

        public DeviceStatus GetStatus() => _device.GetStatus();

        public DeviceSupport Evaluate(ModelDescriptor model) => _device.Evaluate(model);

        public async ValueTask<IDeviceSession> OpenSessionAsync(ModelDescriptor model, DeviceSessionOptions options, CancellationToken cancellationToken = default)
        {
            Options.Enqueue(options);
            return new Session(await _device.OpenSessionAsync(model, options, cancellationToken), this);
        }

        public ValueTask DisposeAsync() => _device.DisposeAsync();

        public void Prepared()
        {
            Threads.Enqueue(Thread.CurrentThread.Name);
            if (Threads.Count == 2) _bothPrepared.TrySetResult();
        }
    }

    private sealed class Session(IDeviceSession session, PreparingDevice device) : IDeviceSession, IServiceProvider, IThreadPreparation
    {
        public ModelSignature Signature => session.Signature;

        public IDeviceMemory Memory => session.Memory;

        public int MaxConcurrentRuns => session.MaxConcurrentRuns;

        public ISessionBinding CreateBinding() => session.CreateBinding();

        public object? GetService(Type serviceType) => serviceType == typeof(IThreadPreparation) ? this : null;

        public void PrepareThread() => device.Prepared();

        public ValueTask DisposeAsync() => session.DisposeAsync();
    }
}
