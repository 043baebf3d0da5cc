using EdgeAI.Engine;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeAI.DependencyInjection;

[TestClass]
public sealed class RegistrationTests
{
    [TestMethod]
    public async Task AddEdgeAI_Twice_IsOneEngineWithBothOptions()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(o => o.MaxQueueLength = 5);
        services.AddEdgeAI(o => o.ClearOnReturn = true).AddSimulatedDevice("sim:0");
        await using var provider = services.BuildServiceProvider();

        Assert.HasCount(1, provider.GetServices<IInferenceEngine>().ToArray());
        var options = provider.GetRequiredService<IOptions<EdgeAIOptions>>().Value;
        Assert.AreEqual(5, options.MaxQueueLength);
        Assert.IsTrue(options.ClearOnReturn);
    }

    [TestMethod]
    public async Task Resolve_OptionsOutOfRange_ReportsEveryError()
    {
        var services = new ServiceCollection();
        services.AddEdgeAI(o =>
        {
            o.MaxQueueLength = 0;
            o.AgingPeriod = TimeSpan.Zero;
            o.DrainTimeout = TimeSpan.FromSeconds(-1);
            o.AbortTimeout = TimeSpan.Zero;
            o.MaxIdlePoolBytes = -1;
        });
        await using var provider = services.BuildServiceProvider();

        var exception = Assert.ThrowsExactly<OptionsValidationException>(provider.GetRequiredService<IInferenceEngine>);

        Assert.HasCount(5, exception.Failures.ToArray());
    }

    [TestMethod]
    public async Task AddModel_Resolved_IsLoadedByItsFirstRequestAlone()
    {
        await using var fixture = new EngineFixture(more: b => b.AddModel("echo", TestModels.Echo()));
        var model = fixture.Services.GetRequiredKeyedService<IModelHandle>("echo");

        Assert.AreEqual("x", model.Signature.Inputs[0].Name);
        Assert.AreEqual(0, fixture.Device.Statistics.Openings);
        var responses = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => model.RunAsync(EngineFixture.Request(i))));

        Assert.AreEqual(1, fixture.Device.Statistics.Openings);
        for (var i = 0; i < responses.Length; i++) Assert.AreEqual(i, responses[i]["y"].AsSpan<float>()[0]);
        foreach (var response in responses) response.Dispose();
    }

    [TestMethod]
    public async Task AddModel_HandleDisposed_StillServes()
    {
        await using var fixture = new EngineFixture(more: b => b.AddModel("echo", TestModels.Echo()));
        var model = fixture.Services.GetRequiredKeyedService<IModelHandle>("echo");
        (await model.RunAsync(EngineFixture.Request())).Dispose();

        await model.DisposeAsync();

        (await model.RunAsync(EngineFixture.Request())).Dispose();
    }

    [TestMethod]
    public async Task AddModel_LoadingTakesLongerThanTheDeadline_IsRejectedInTime()
    {
        await using var fixture = new EngineFixture(d => d.OpeningLatency = TimeSpan.FromSeconds(10), more: b => b.AddModel("echo", TestModels.Echo()));
        var model = fixture.Services.GetRequiredKeyedService<IModelHandle>("echo");
        var late = model.RunAsync(EngineFixture.Request(deadline: TimeSpan.FromSeconds(1)));
        var patient = model.RunAsync(EngineFixture.Request(3));
        await fixture.Device.WhenAsync(s => s.Waiting == 1);

        fixture.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.AreEqual(RejectionReason.DeadlineExceeded, (await Assert.ThrowsExactlyAsync<RequestRejectedException>(() => late)).Reason);
        fixture.Time.Advance(TimeSpan.FromSeconds(9));
        using var response = await patient;
        Assert.AreEqual(3, response["y"].AsSpan<float>()[0]);
    }

    [TestMethod]
    public void AddModel_KeyTwice_Throws()
    {
        var builder = new ServiceCollection().AddEdgeAI().AddModel("a", TestModels.Echo());

        Assert.ThrowsExactly<ArgumentException>(() => builder.AddModel("a", TestModels.Echo()));
    }

    [TestMethod]
    public async Task AddModel_MissingFile_FailsTypedAtFirstUseNotAtRegistration()
    {
        await using var fixture = new EngineFixture(more: b => b.AddModel("gone", ModelSource.FromFile("/no/such/model.onnx")));
        var model = fixture.Services.GetRequiredKeyedService<IModelHandle>("gone");

        Assert.ThrowsExactly<ModelLoadException>(() => model.Signature);
        await Assert.ThrowsExactlyAsync<ModelLoadException>(() => model.RunAsync(EngineFixture.Request()));
    }

    [TestMethod]
    public async Task Host_Starts_WarmsUpTheModelsThatAskForIt()
    {
        using var host = Host(b => b.AddSimulatedDevice("sim:0").AddModel("warm", TestModels.Echo("warm"), o => o.WarmUp = true).AddModel("cold", TestModels.Echo("cold")));

        await host.StartAsync();

        var device = host.Services.GetSimulatedDevice("sim:0");
        Assert.AreEqual(1, device.Statistics.Openings);
        Assert.AreEqual(1, device.Statistics.RunsCompleted);
        await host.StopAsync();
    }

    [TestMethod]
    public async Task Host_StartsWithBadOptions_FailsAtStartWithEveryError()
    {
        using var host = Host(b => b.AddSimulatedDevice("sim:0").AddModel("m", TestModels.Echo(), o => { o.Lanes = 0; o.MaxQueueLength = 0; }));

        var exception = await Assert.ThrowsExactlyAsync<OptionsValidationException>(() => host.StartAsync());

        Assert.HasCount(2, exception.Failures.ToArray());
        StringAssert.Contains(exception.Message, "Model 'm'");
    }

    [TestMethod]
    public async Task Host_WarmUpDeviceFails_FailsItsStart()
    {
        using var host = Host(b => b.AddSimulatedDevice("sim:0").AddModel("m", TestModels.Echo(), o => o.WarmUp = true));
        host.Services.GetSimulatedDevice("sim:0").Faults.Always = SimulatedFault.DeviceFault;

        await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => host.StartAsync());
    }

    [TestMethod]
    public async Task HealthCheck_DeviceStates_AreReported()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddEdgeAI().AddSimulatedDevice("sim:0").AddSimulatedDevice("sim:1").AddModel("echo", TestModels.Echo());
        services.AddHealthChecks().AddEdgeAI();
        await using var provider = services.BuildServiceProvider();
        var health = provider.GetRequiredService<HealthCheckService>();
        (await provider.GetRequiredKeyedService<IModelHandle>("echo").RunAsync(EngineFixture.Request())).Dispose();

        var healthy = await health.CheckHealthAsync();
        provider.GetSimulatedDevice("sim:0").Lose();
        var degraded = await health.CheckHealthAsync();
        provider.GetSimulatedDevice("sim:1").Lose();
        var unhealthy = await health.CheckHealthAsync();

        Assert.AreEqual(HealthStatus.Healthy, healthy.Status);
        Assert.AreEqual("on sim:0: 0 running, 0 waiting", healthy.Entries["edgeai"].Data["echo"]);
        Assert.AreEqual(HealthStatus.Degraded, degraded.Status);
        Assert.AreEqual(HealthStatus.Unhealthy, unhealthy.Status);
    }

    private static IHost Host(Action<EdgeAIBuilder> configure)
    {
        var builder = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        configure(builder.Services.AddEdgeAI());
        return builder.Build();
    }
}
