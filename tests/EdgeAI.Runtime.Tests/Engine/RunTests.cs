using EdgeAI.Testing;

namespace EdgeAI.Engine;

[TestClass]
public sealed class RunTests
{
    [TestMethod]
    public async Task RunAsync_OneRequest_AnswersWithTimingsAndRouting()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();

        var run = model.RunAsync(EngineFixture.Request(7));
        await fixture.PassOneRunAsync();
        using var response = await run;

        Assert.AreEqual(7, response["y"].AsSpan<float>()[3]);
        Assert.AreEqual(new InferenceTimings("sim:0", 1, TimeSpan.Zero, TimeSpan.FromSeconds(1)), response.Timings);
        Assert.AreEqual("sim:0", response.Routing.DeviceId);
        Assert.AreEqual("it is the only device", response.Routing.Reason);
        Assert.HasCount(1, response.Routing.Candidates);
    }

    [TestMethod]
    public async Task RunAsync_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var fixture = new EngineFixture(d => d.MaxConcurrentRuns = 4);
        await using var model = await fixture.LoadAsync(new ModelOptions { Lanes = 3 });

        var runs = Enumerable.Range(0, 500).Select(i => model.RunAsync(EngineFixture.Request(i, rows: 1 + (i % 3)))).ToArray();
        var responses = await Task.WhenAll(runs);

        for (var i = 0; i < responses.Length; i++)
        {
            var output = responses[i]["y"];
            Assert.AreEqual(4 * (1 + (i % 3)), output.ElementCount);
            Assert.IsFalse(output.AsSpan<float>().ContainsAnyExcept(i));
            responses[i].Dispose();
        }

        Assert.IsLessThanOrEqualTo(3, fixture.Device.Statistics.MaxInFlight);
    }

    [TestMethod]
    public async Task RunAsync_InputsDisposedAtOnce_AreKeptUntilTheRunHasEnded()
    {
        await using var fixture = new EngineFixture(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync();
        var request = EngineFixture.Request(3);
        var input = request["x"];

        var run = model.RunAsync(request);
        input.Dispose();
        await fixture.Device.WhenAsync(s => s.Waiting == 1);
        Assert.IsFalse(input.IsFreed);
        await fixture.PassOneRunAsync();
        using var response = await run;

        Assert.AreEqual(3, response["y"].AsSpan<float>()[0]);
        await model.DisposeAsync();
        Assert.IsTrue(input.IsFreed);
    }

    [TestMethod]
    public async Task RunAsync_SetOutput_WritesInPlaceAndSharesTheStorage()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        var data = new float[4];
        using var destination = TensorValue.Create(data, 1, 4);
        var request = EngineFixture.Request(5);
        request.SetOutput("y", destination);

        using (var response = await model.RunAsync(request))
        {
            Assert.AreEqual(destination.Buffer.Address, response["y"].Buffer.Address);
        }

        using var second = await model.RunAsync(EngineFixture.Request(6));
        CollectionAssert.AreEqual(new float[] { 5, 5, 5, 5 }, data);
    }

    [TestMethod]
    public async Task RunAsync_OutputNames_GivesTheseInThisOrder()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.Engine.LoadModelAsync(TestModels.ThreeOutputs());
        using var x = TensorValue.Create(new float[] { 1, 2, 3, 4 }, 1, 4);
        using var t = TensorValue.CreateStrings(["a", "b"], 2);

        using var two = await model.RunAsync(new InferenceRequest { ["x"] = x, ["t"] = t, OutputNames = ["s", "y"] });
        using var all = await model.RunAsync(new InferenceRequest { ["x"] = x, ["t"] = t });

        CollectionAssert.AreEqual(new[] { "s", "y" }, two.OutputNames.ToArray());
        Assert.AreEqual("b", two["s"].AsStrings()[1]);
        Assert.AreEqual(4, two["y"].AsSpan<float>()[3]);
        Assert.ThrowsExactly<KeyNotFoundException>(() => two["z"]);
        CollectionAssert.AreEqual(new[] { "y", "z", "s" }, all.OutputNames.ToArray());
    }

    [TestMethod]
    public async Task RunAsync_MemoryOutOfTheHostsReach_IsStagedThroughPools()
    {
        await using var fixture = new EngineFixture(d => d.IsHostAccessible = false);
        await using var model = await fixture.LoadAsync(new ModelOptions { WarmUp = true });

        for (var i = 0; i < 5; i++)
        {
            using var response = await model.RunAsync(EngineFixture.Request(i));
            Assert.IsTrue(response["y"].IsHostAccessible);
            Assert.AreEqual(i, response["y"].AsSpan<float>()[0]);
        }

        var data = new float[4];
        using var destination = TensorValue.Create(data, 1, 4);
        var request = EngineFixture.Request(9);
        request.SetOutput("y", destination);
        using var inPlace = await model.RunAsync(request);
        Assert.AreEqual(9, data[2]);
    }

    [TestMethod]
    public async Task RunAsync_DeviceFault_FailsThatRequestAlone()
    {
        await using var fixture = new EngineFixture();
        await using var model = await fixture.LoadAsync();
        fixture.Device.Faults.OnRun(2, SimulatedFault.DeviceFault);

        using var first = await model.RunAsync(EngineFixture.Request());
        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));
        using var third = await model.RunAsync(EngineFixture.Request());

        Assert.AreEqual("sim:0", fault.DeviceId);
        Assert.IsTrue(fault.IsTransient);
    }

    [TestMethod]
    public async Task RunAsync_DeviceThrowsSomethingElse_BecomesADeviceFault()
    {
        await using var fixture = new EngineFixture(d => d.Compute = _ => throw new NotImplementedException("boom"));
        await using var model = await fixture.LoadAsync();

        var fault = await Assert.ThrowsExactlyAsync<DeviceFaultException>(() => model.RunAsync(EngineFixture.Request()));

        StringAssert.Contains(fault.Message, "echo");
        Assert.IsNotNull(fault.InnerException);
    }

    [TestMethod]
    public async Task RunAsync_SameOrderKeyOnSeveralLanes_AnswersInOrderOfArrival()
    {
        await using var fixture = new EngineFixture(d => d.MaxConcurrentRuns = 4);
        await using var model = await fixture.LoadAsync(new ModelOptions { Lanes = 4 });
        var order = new List<int>();

        var runs = Enumerable.Range(0, 100).Select(async i =>
        {
            using var response = await model.RunAsync(EngineFixture.Request(i, orderKey: "stream"));
            return response["y"].AsSpan<float>()[0];
        }).ToArray();
        await Task.WhenAll(runs);
        foreach (var run in fixture.Device.Runs) order.Add((int)run.Number);

        Assert.AreEqual(1, fixture.Device.Statistics.MaxInFlight);
        CollectionAssert.AreEqual(Enumerable.Range(1, 100).ToArray(), order);
    }

    [TestMethod]
    public async Task RunAsync_NamesAnotherDevice_OpensTheModelThere()
    {
        await using var fixture = new EngineFixture(more: b => b.AddSecond());
        await using var model = await fixture.LoadAsync();

        using var second = await model.RunAsync(EngineFixture.Request(1, deviceId: "sim:1"));
        using var again = await model.RunAsync(EngineFixture.Request(1, deviceId: "sim:1"));
        using var first = await model.RunAsync(EngineFixture.Request(1));

        Assert.AreEqual("sim:1", second.Timings.DeviceId);
        Assert.AreEqual("the request names this device", second.Routing.Reason);
        Assert.AreEqual("sim:0", first.Timings.DeviceId);
        Assert.AreEqual(1, Simulated.Get(fixture, "sim:1").Statistics.Openings);
        var unknown = await Assert.ThrowsExactlyAsync<NoCompatibleDeviceException>(() => model.RunAsync(EngineFixture.Request(1, deviceId: "sim:9")));
        StringAssert.Contains(unknown.Message, "there are sim:0, sim:1");
    }
}
