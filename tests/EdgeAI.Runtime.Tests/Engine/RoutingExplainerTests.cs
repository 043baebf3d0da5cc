using EdgeAI.Configuration;
using EdgeAI.Devices;
using EdgeAI.Evaluation;
using EdgeAI.Leases;
using EdgeAI.Memory;
using EdgeAI.Onnx;
using EdgeAI.Routing;
using EdgeAI.Routing.Policies;
using EdgeAI.Scheduling;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace EdgeAI.Engine;

/// <summary>Where a model would run, on devices whose figures are known.</summary>
[TestClass]
public sealed class RoutingExplainerTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly OnnxModelDescriptor _model = OnnxModelDescriptor.Open(TestModels.Echo());
    private readonly DeviceBudgets _budgets = new(new MemoryBudget(1 << 20));

    public void Dispose() => _model.Dispose();

    [TestMethod]
    [DataRow(RoutingPolicyNames.EarliestFinish, "sim:1", DisplayName = "the quicker one")]
    [DataRow(RoutingPolicyNames.LeastLoaded, "sim:0", DisplayName = "both are free: the first")]
    [DataRow(RoutingPolicyNames.RoundRobin, "sim:0", DisplayName = "the first in turn")]
    [DataRow(RoutingPolicyNames.Efficiency, "sim:2", DisplayName = "10 W x 3 ms against 100 W x 2 ms and 100 W x 1 ms")]
    public async Task ExplainAsync_NamedPolicy_IsItsOwnChoice(string policy, string expected)
    {
        var devices = new[] { Create("sim:0", runMs: 2, watts: 100), Create("sim:1", runMs: 1, watts: 100), Create("sim:2", runMs: 3, watts: 10) };

        var explanation = await Explain(devices, options: new ModelOptions { RoutingPolicy = policy });

        Assert.AreEqual(expected, explanation.Chosen);
        Assert.AreEqual(policy, explanation.Policy);
        CollectionAssert.AreEqual(new[] { "sim:0", "sim:1", "sim:2" }, explanation.Candidates.Select(candidate => candidate.DeviceId).ToArray());
        foreach (var candidate in explanation.Candidates) StringAssert.StartsWith(candidate.Reason, candidate.DeviceId == expected ? $"{policy} chose it" : $"{policy} chose {expected}");
        Assert.AreEqual(1, explanation.Candidates[1].Option!.Value.Run!.Value.TotalMilliseconds, 0.01);
        foreach (var device in devices) Assert.AreEqual(0, device.Statistics.Openings, "nothing is opened, nothing runs");
    }

    [TestMethod]
    public async Task ExplainAsync_PolicyOfTheHost_SeesStateAndPrediction()
    {
        var hot = Create("sim:0", runMs: 1);
        hot.SetStatus(status => status with { TemperatureCelsius = 95, TemperatureLimitCelsius = 100, FreeMemoryBytes = 1 << 30 });
        var cool = Create("sim:1", runMs: 5);
        cool.SetStatus(status => status with { TemperatureCelsius = 40, TemperatureLimitCelsius = 100 });

        var explanation = await Explain([hot, cool], options: new ModelOptions { RoutingPolicy = "coolest" }, policy: new Coolest());

        Assert.AreEqual("sim:1", explanation.Chosen);
        StringAssert.Contains(explanation.Candidates[0].Reason, "at 95 of 100 degrees");
    }

    [TestMethod]
    public async Task ExplainAsync_FailingDevice_IsLeftOut()
    {
        var lost = Create("sim:0", runMs: 1);
        lost.Lose();

        var explanation = await Explain([lost, Create("sim:1", runMs: 5)]);

        Assert.AreEqual("sim:1", explanation.Chosen);
        Assert.IsNull(explanation.Candidates[0].Option);
        StringAssert.StartsWith(explanation.Candidates[0].Reason, "it is failing");
    }

    [TestMethod]
    public async Task ExplainAsync_CoresAreHeld_CountsTheWait()
    {
        var (cpu, gpu) = (Create("sim:0", runMs: 2, parallelism: 4), Create("sim:1", runMs: 3));
        Assert.AreEqual("sim:0", (await Explain([cpu, gpu])).Chosen);
        using var broker = new DeviceBroker(_budgets, _ => new([cpu, gpu]), _ => null);
        using var chat = await broker.LeaseAsync(new WorkloadEstimate { DeviceId = "sim:0", Cores = 2 });

        var explanation = await Explain([cpu, gpu]);

        Assert.AreEqual("sim:1", explanation.Chosen);
        Assert.AreEqual(2, explanation.Candidates[0].Option!.Value.Wait.TotalMilliseconds, 0.01);
        StringAssert.Contains(explanation.Candidates[0].Reason, "others hold its cores for 2 ms more");
    }

    [TestMethod]
    public async Task ExplainAsync_DevicesThatWouldNotServe_AreToldWhy()
    {
        SimulatedDevice[] devices =
        [
            Create("sim:0", runMs: 5),
            Create("sim:1", runMs: 1, more: options => options.Support = DeviceSupport.Partial("Identity runs elsewhere")),
            Create("sim:2", runMs: 1, more: options => options.Support = DeviceSupport.None("it is too old")),
            Create("sim:3", runMs: 9),
        ];

        var explanation = await Explain(devices, options: new ModelOptions { MaxDevices = 1 });

        Assert.AreEqual("sim:0", explanation.Chosen);
        var reasons = explanation.Candidates.ToDictionary(candidate => candidate.DeviceId, candidate => candidate.Reason);
        StringAssert.StartsWith(reasons["sim:0"], "it is the only one that can take it");
        Assert.AreEqual("it runs only part of the model (Identity runs elsewhere), and another can run it", reasons["sim:1"]);
        Assert.AreEqual("it is too old", reasons["sim:2"]);
        Assert.AreEqual("ModelOptions.MaxDevices is 1", reasons["sim:3"]);
    }

    [TestMethod]
    public async Task ExplainAsync_NoDeviceTakesIt_ChoosesNone()
    {
        var explanation = await Explain([Create("sim:0", runMs: 1, more: options => options.Support = DeviceSupport.None("it is too old"))]);

        Assert.IsNull(explanation.Chosen);
        Assert.AreEqual("it is too old", explanation.Candidates.Single().Reason);
    }

    [TestMethod]
    public async Task ExplainAsync_UnknownPolicy_NamesThoseThatAreThere()
    {
        var error = await Assert.ThrowsExactlyAsync<ModelLoadException>(() => Explain([Create("sim:0", runMs: 1)], options: new ModelOptions { RoutingPolicy = "magic" }));

        StringAssert.Contains(error.Message, RoutingPolicyNames.EarliestFinish);
    }

    [TestMethod]
    [DataRow(RoutingPolicyNames.EarliestFinish)]
    [DataRow(RoutingPolicyNames.LeastLoaded)]
    [DataRow(RoutingPolicyNames.Efficiency)]
    [DataRow(RoutingPolicyNames.RoundRobin)]
    public async Task ExplainAsync_TheEngineThenLoadsAndRunsIt_IsWhereItRuns(string policy)
    {
        await using var fixture = EngineFixture.ForBatching(more: builder => builder.AddSecond());
        var explanation = await fixture.Services.GetRequiredService<IRoutingExplainer>().ExplainAsync(_model, new ModelOptions { RoutingPolicy = policy });
        await using var model = await fixture.LoadBatchingAsync(options => options.RoutingPolicy = policy);
        await RoutedFixture.JoinedAsync(model);

        using var response = await model.RunAsync(EngineFixture.Request());

        Assert.AreEqual(response.Routing.DeviceId, explanation.Chosen);
        CollectionAssert.AreEqual(response.Routing.Candidates.Select(candidate => candidate.DeviceId).ToArray(), explanation.Candidates.Where(candidate => candidate.Option is not null).Select(candidate => candidate.DeviceId).ToArray());
    }

    private async Task<RoutingExplanation> Explain(SimulatedDevice[] devices, ModelOptions? options = null, IRoutingPolicy? policy = null)
    {
        var profiles = new DeviceProfiles(store: null);
        foreach (var device in devices) profiles.Set(device.Info, device.TrueProfile);
        var policies = new RoutingPolicies([new EarliestFinishPolicy(), new LeastLoadedPolicy(), new EfficiencyPolicy(), new RoundRobinPolicy(), .. policy is null ? Array.Empty<IRoutingPolicy>() : [policy]]);
        var explainer = new RoutingExplainer(_ => new(new DeviceSet(devices, [])), _budgets, policies, profiles, new LatencyPredictor(), new EdgeAIOptions(), new Clock(_time), NullLogger.Instance);
        return await explainer.ExplainAsync(_model, options, new Dictionary<string, nint[]> { ["x"] = [1, 4] });
    }

    /// <summary>A device whose runs of the echo model take what is said: its node and its memory cost nothing.</summary>
    private SimulatedDevice Create(string id, double runMs, double? watts = null, int? parallelism = null, Action<SimulatedDeviceOptions>? more = null)
    {
        var options = new SimulatedDeviceOptions
        {
            ComputeRates = [new GemmRate(TensorElementType.Float32, 1, 1e15)],
            MemoryBandwidth = 1e15,
            RunOverhead = TimeSpan.FromMilliseconds(runMs),
            Parallelism = parallelism,
        };
        more?.Invoke(options);
        var device = new SimulatedDevice(id, options, _time);
        if (watts is not null) device.SetStatus(status => status with { PowerWatts = watts });
        return device;
    }

    private sealed class Coolest : IRoutingPolicy
    {
        public string Name => "coolest";

        public int Choose(ReadOnlySpan<RoutingOption> options, in RoutingQuery query)
        {
            var best = 0;
            for (var i = 1; i < options.Length; i++)
            {
                if (options[i].Status.TemperatureCelsius < options[best].Status.TemperatureCelsius) best = i;
            }

            return best;
        }
    }
}
