using EdgeAI.Engine;
using EdgeAI.Testing;

namespace EdgeAI.Tuning;

[TestClass]
public sealed class BatchProbeTests
{
    [TestMethod]
    public async Task Load_RowsStayApart_MayShareRuns() => Assert.IsTrue((await ProbeAsync(inputs => [inputs[0]])).IsPossible);

    [TestMethod]
    public async Task Load_RowsChangeEachOther_MayNotShareRuns()
    {
        // As a kernel that scales by the largest of the whole tensor.
        var batching = await ProbeAsync(inputs =>
        {
            var x = inputs[0].AsSpan<float>().ToArray();
            var largest = x.Max(Math.Abs);
            return [TensorValue.Create(x.Select(value => MathF.Round(value / largest * 127) / 127 * largest).ToArray(), inputs[0].Lengths)];
        });

        Assert.IsFalse(batching.IsPossible);
        StringAssert.Contains(batching.Reason, "extreme values");
    }

    [TestMethod]
    public async Task Load_AnswersTheFirstRowAlone_MayNotShareRuns()
    {
        var batching = await ProbeAsync(inputs => [TensorValue.Create(inputs[0].AsSpan<float>()[..4].ToArray(), 1, 4)]);

        Assert.IsFalse(batching.IsPossible);
        StringAssert.Contains(batching.Reason, "three requests");
    }

    [TestMethod]
    public async Task Load_SeveralRowsFail_MayNotShareRuns()
    {
        var batching = await ProbeAsync(inputs => inputs[0].Lengths[0] > 1 ? throw new DeviceFaultException("sim:0", "one row only") : [inputs[0]]);

        Assert.IsFalse(batching.IsPossible);
        StringAssert.Contains(batching.Reason, "one row only");
    }

    /// <summary>The session allows one run at a time, and a violation fails the fixture.</summary>
    [TestMethod]
    public async Task Load_RequestComesWhileItIsTried_WaitsForTheRun()
    {
        await using var fixture = EngineFixture.ForBatching(EngineFixture.TakesOneSecond);
        await using var model = await fixture.LoadAsync(new ModelOptions { WarmUp = false });
        var driver = ((LoadedModel)model.GetService(typeof(LoadedModel))!).Driver;
        while (fixture.Device.Statistics.RunsStarted == 0)
        {
            fixture.Time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        var answer = model.RunAsync(EngineFixture.Request(2));
        while (driver.Running == 0) await Task.Yield();

        // Two of the trial, and the request's.
        await fixture.PassRunsAsync(3);
        using var response = await answer;
        Assert.AreEqual(2, response["y"].AsSpan<float>()[0]);
    }

    private static async Task<ModelBatching> ProbeAsync(SimulatedCompute compute)
    {
        await using var fixture = EngineFixture.ForBatching(device => device.Compute = compute);
        await using var model = await fixture.LoadAsync();
        var tuning = (IPlanTuning)model.GetService(typeof(IPlanTuning))!;
        while (!tuning.IsSettled)
        {
            fixture.Time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }

        return (ModelBatching)model.GetService(typeof(ModelBatching))!;
    }
}
