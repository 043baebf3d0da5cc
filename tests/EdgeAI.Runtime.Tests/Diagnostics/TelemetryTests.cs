using System.Diagnostics;
using System.Diagnostics.Metrics;
using EdgeAI.Engine;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;

namespace EdgeAI.Diagnostics;

[TestClass]
public sealed class TelemetryTests
{
    [TestMethod]
    public async Task Meter_OneAnsweredRequest_RecordsSecondsWithModelAndDevice()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();
        using var queue = Collect<double>(fixture, "edgeai.request.queue.duration");
        using var request = Collect<double>(fixture, "edgeai.request.duration");
        using var run = Collect<double>(fixture, "edgeai.session.run.duration");
        using var batch = Collect<long>(fixture, "edgeai.batch.size");
        using var inFlight = Collect<long>(fixture, "edgeai.device.in_flight");
        using var error = Collect<double>(fixture, "edgeai.prediction.error");

        for (var i = 0; i < 2; i++)
        {
            var answer = model.RunAsync(EngineFixture.Request());
            await fixture.PassOneRunAsync();
            (await answer).Dispose();
        }

        var measured = run.GetMeasurementSnapshot()[0];
        Assert.AreEqual(1.0, measured.Value);
        Assert.IsTrue(measured.ContainsTags(new KeyValuePair<string, object?>("edgeai.model", "echo"), new("edgeai.device", "sim:0")));
        Assert.AreEqual(0.0, queue.LastMeasurement!.Value);
        Assert.AreEqual(1.0, request.LastMeasurement!.Value);
        Assert.AreEqual(1, batch.LastMeasurement!.Value);
        Assert.AreEqual(0, inFlight.GetMeasurementSnapshot().Sum(m => m.Value));
        Assert.HasCount(4, inFlight.GetMeasurementSnapshot());
        Assert.AreEqual(0.0, error.GetMeasurementSnapshot().Single().Value);
    }

    [TestMethod]
    public async Task Meter_Rejections_AreCountedByReason()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        using var rejected = Collect<long>(fixture, "edgeai.request.rejected");

        await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => model.RunAsync(EngineFixture.Request(deadline: TimeSpan.Zero)));

        Assert.IsTrue(rejected.GetMeasurementSnapshot().Single().ContainsTags(new KeyValuePair<string, object?>("edgeai.rejection.reason", "deadline_exceeded")));
    }

    [TestMethod]
    public async Task Meter_Observed_ShowsTemperatureAndRentedBytes()
    {
        await using var fixture = new EngineFixture(d => d.IsHostAccessible = false);
        await using var model = await fixture.LoadAsync();
        fixture.Device.SetStatus(s => s with { TemperatureCelsius = 71.5 });
        using var temperature = Collect<double>(fixture, "edgeai.device.temperature");
        using var rented = Collect<long>(fixture, "edgeai.pool.rented_bytes");

        using var response = await model.RunAsync(EngineFixture.Request());
        temperature.RecordObservableInstruments();
        rented.RecordObservableInstruments();

        Assert.AreEqual(71.5, temperature.LastMeasurement!.Value);
        Assert.AreEqual(128, rented.GetMeasurementSnapshot().Sum(m => m.Value));
    }

    [TestMethod]
    public async Task ActivitySource_Listener_GetsOneSpanUnderTheCallers()
    {
        var stopped = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "EdgeAI",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activity => { lock (stopped) stopped.Add(activity); },
        };
        ActivitySource.AddActivityListener(listener);
        await using var fixture = new EngineFixture();
        await using var model = await fixture.Engine.LoadModelAsync(TestModels.Echo("traced"));
        using var caller = new Activity("caller").Start();

        (await model.RunAsync(EngineFixture.Request())).Dispose();
        fixture.Device.Faults.Always = SimulatedFault.DeviceFault;
        await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));

        Assert.AreSame(caller, Activity.Current);
        Activity[] mine;
        lock (stopped) mine = [.. stopped.Where(a => "traced".Equals(a.GetTagItem("edgeai.model")))];
        Assert.HasCount(2, mine);
        Assert.IsTrue(mine.All(a => a.ParentSpanId == caller.SpanId));
        Assert.AreEqual("sim:0", mine[0].GetTagItem("edgeai.device"));
        Assert.AreEqual(ActivityStatusCode.Error, mine[1].Status);
    }

    private static MetricCollector<T> Collect<T>(EngineFixture fixture, string instrument) where T : struct =>
        new(fixture.Services.GetRequiredService<IMeterFactory>(), "EdgeAI", instrument);
}
