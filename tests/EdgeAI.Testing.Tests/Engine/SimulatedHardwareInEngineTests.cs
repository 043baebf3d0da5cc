using EdgeAI.Testing.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Testing.Tests.Engine;

/// <summary>Simulated hardware behind the real engine, as an application's tests use it.</summary>
[TestClass]
public sealed class SimulatedHardwareInEngineTests
{
    private readonly FakeTimeProvider _time = new();

    [TestMethod]
    public async Task RunAsync_DeviceOverheats_TakesLongerUntilItHasCooled()
    {
        await using var services = Build(options =>
        {
            options.Latency = LatencyCurve.Constant(TimeSpan.FromSeconds(10));
            (options.AmbientCelsius, options.IdlePowerWatts, options.BusyPowerWatts) = (20, 10, 170);
            (options.HeatCapacity, options.ThermalConductance, options.ThrottleCelsius, options.ThrottledSpeed) = (200, 2, 85, 0.5);
        });
        var device = services.GetSimulatedDevice("gpu:sim0");
        var model = services.GetRequiredKeyedService<IModelHandle>("identity");

        var executed = new List<double>();
        for (var i = 0; i < 16; i++) executed.Add((await AskAsync(model, device, seconds: i < 14 ? 10 : 20)).TotalSeconds);

        // 105 - 80 exp(-t/100) = 85 after 139 s: the runs that begin at 0, 10, .. 130 s are quick.
        CollectionAssert.AreEqual(Enumerable.Repeat(10.0, 14).Concat([20.0, 20.0]).ToArray(), executed);
        var engine = services.GetRequiredService<IInferenceEngine>();
        var hot = (await engine.GetDevicesAsync()).Single().Status;
        Assert.IsTrue(hot.IsThrottled);
        Assert.IsGreaterThan(60, hot.TemperatureCelsius!.Value);

        _time.Advance(TimeSpan.FromHours(1));
        Assert.IsFalse((await engine.GetDevicesAsync()).Single().Status.IsThrottled);
        Assert.AreEqual(10, (await AskAsync(model, device, seconds: 10)).TotalSeconds);
        Assert.IsEmpty(device.Violations);
    }

    [TestMethod]
    public async Task RunAsync_MemoryExhausted_TheNextSmallRequestSucceeds()
    {
        await using var services = Build(options =>
        {
            options.MemoryBytes = 1 << 20;
            options.Cost = _ => new SimulatedCost { WorkspaceBytesPerRow = 100_000 };
        });
        var model = services.GetRequiredKeyedService<IModelHandle>("identity");
        using var large = TensorValue.Create(new float[11 * 4], 11, 4);
        using var small = TensorValue.Create(new float[4], 1, 4);
        for (var i = 0; i < 20; i++)
        {
            var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(new InferenceRequest { ["x"] = large }));
            Assert.IsInstanceOfType<OutOfMemoryException>(fault.InnerException);
            using var answer = await model.RunAsync(new InferenceRequest { ["x"] = small });
        }
    }

    [TestMethod]
    public async Task RunAsync_SmallGpuOnRealTime_Answers()
    {
        await using var services = new ServiceCollection()
            .AddEdgeAI().AddSimulatedDevice("gpu:sim0", SimulatedHardware.SmallGpu)
            .AddModel("identity", ModelSource.FromBytes(ConformanceModels.Identity.Bytes, "identity"))
            .Services.BuildServiceProvider();
        var model = services.GetRequiredKeyedService<IModelHandle>("identity");
        for (var i = 0; i < 20; i++)
        {
            using var input = TensorValue.Create([i, 2f, 3, 4], 1, 4);
            using var answer = await model.RunAsync(new InferenceRequest { ["x"] = input });
            CollectionAssert.AreEqual(new[] { i, 2f, 3, 4 }, answer["y"].AsSpan<float>().ToArray());
            Assert.AreEqual("gpu:sim0", answer.Timings.DeviceId);
        }

        Assert.IsGreaterThan(0, services.GetSimulatedDevice("gpu:sim0").Statistics.EnergyJoules!.Value);
    }

    private ServiceProvider Build(Action<SimulatedDeviceOptions> configure) => new ServiceCollection()
        .AddSingleton<TimeProvider>(_time)
        .AddEdgeAI().AddSimulatedDevice("gpu:sim0", configure)
        .AddModel("identity", ModelSource.FromBytes(ConformanceModels.Identity.Bytes, "identity"), options => options.MaxBatch = 1)
        .Services.BuildServiceProvider();

    private async Task<TimeSpan> AskAsync(IModelHandle model, SimulatedDevice device, int seconds)
    {
        var before = device.Statistics.RunsStarted;
        using var input = TensorValue.Create(new float[4], 1, 4);
        var asked = model.RunAsync(new InferenceRequest { ["x"] = input });
        await device.WhenAsync(s => s.Waiting == 1 && s.RunsStarted > before);
        _time.Advance(TimeSpan.FromSeconds(seconds));
        using var answer = await asked;
        return answer.Timings.Executed;
    }
}
