using EdgeAI.Engine;
using EdgeAI.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeAI.Tuning;

/// <summary>What is measured in the background of a simulated device whose speed changes, in virtual time.</summary>
[TestClass]
public sealed class PlanTunerTests
{
    private static readonly TimeSpan _run = TimeSpan.FromMilliseconds(100);

    // One row takes as long as eight: full batches.
    private static readonly LatencyCurve _flat = LatencyCurve.Constant(_run);

    // Each row more costs more than one by itself: single rows.
    private static readonly LatencyCurve _steep = LatencyCurve.FromPoints((1, 3 * _run), (2, 9 * _run), (4, 30 * _run), (8, 90 * _run));

    [TestMethod]
    public async Task Measure_DeviceChangesItsPace_MeasuresAnewKeepsAndAdoptsIt()
    {
        using var folder = new TemporaryFolder();
        await using var fixture = Create(folder.Path);
        await using var model = await fixture.LoadBatchingAsync();
        var tuning = await SettleAsync(fixture, model);
        Assert.AreEqual(8, tuning.Plan.MaxBatch);
        var file = Path.Combine(folder.Path, folder.FileNames.Single());
        var before = await File.ReadAllTextAsync(file);

        fixture.Device.Latency = _steep;
        for (var round = 0; tuning.Plan.MaxBatch != 1; round++)
        {
            Assert.IsLessThan(100, round, "it is never measured anew");
            for (var i = 0; i < 20; i++) (await ServeAsync(fixture, model)).Dispose();
            await IdleAsync(fixture);
        }

        Assert.AreNotEqual(before, await File.ReadAllTextAsync(file));
        using var response = await ServeAsync(fixture, model);
        Assert.AreEqual(300, response.Routing.Predicted!.Value.TotalMilliseconds, 30);
    }

    [TestMethod]
    public async Task Measure_DeviceKeepsItsPace_IsNotRepeated()
    {
        await using var fixture = Create();
        await using var model = await fixture.LoadBatchingAsync();
        await SettleAsync(fixture, model);
        var requests = 0;
        var before = fixture.Device.Statistics.RunsStarted;
        for (; requests < 200; requests++)
        {
            (await ServeAsync(fixture, model)).Dispose();
            if (requests % 20 == 0) await IdleAsync(fixture);
        }

        Assert.AreEqual(requests, fixture.Device.Statistics.RunsStarted - before, "every run was a request's");
    }

    [TestMethod]
    public async Task Load_SeveralProfileShapes_AreAllMeasuredBeforeItIsSettled()
    {
        await using var fixture = Create();
        await using var model = await LoadWithLengthsAsync(fixture, 4, 6);
        await SettleAsync(fixture, model);

        // The first request of each has a prediction at once; of a shape that nobody has seen there is none.
        foreach (var (length, isKnown) in new[] { (4, true), (6, true), (5, false) })
        {
            using var response = await ServeAsync(fixture, model, length);
            Assert.AreEqual(isKnown, response.Routing.Predicted is not null, $"length {length}");
        }
    }

    [TestMethod]
    public async Task Measure_RequestsOfOtherShapes_AreMeasuredOnceEightAtMost()
    {
        await using var fixture = Create();
        await using var model = await LoadWithLengthsAsync(fixture, 4);
        await SettleAsync(fixture, model);
        (await ServeAsync(fixture, model, 5)).Dispose();

        var one = await RunsWhileIdleAsync(fixture);
        Assert.IsGreaterThan(10, one, "the new shape is measured");
        Assert.AreEqual(0, await RunsWhileIdleAsync(fixture), "once");

        for (var length = 6; length < 26; length++) (await ServeAsync(fixture, model, length)).Dispose();
        var more = await RunsWhileIdleAsync(fixture);
        Assert.IsGreaterThan(5 * one / 2, more);
        Assert.IsLessThan(15 * one / 2, more, "six more, not twenty");
        Assert.AreEqual(0, await RunsWhileIdleAsync(fixture));
    }

    private static EngineFixture Create(string? folder = null) => new(
        device => (device.Latency, device.Parallelism) = (_flat, 1),
        more: builder => builder.Services.Configure<EdgeAIOptions>(options =>
            (options.MeasureInBackground, options.CacheFolder, options.Cache) = (true, folder, folder is null ? MeasurementCache.Off : MeasurementCache.ReadWrite)));

    private static Task<IModelHandle> LoadWithLengthsAsync(EngineFixture fixture, params long[] lengths) => fixture.LoadBatchingAsync(
        TestModels.Of("lengths", [new("Identity", ["x"], ["y"])], [Value("x")], [Value("y")]),
        options =>
        {
            options.WarmUp = false;
            foreach (var length in lengths) options.ProfileShapes.Add(new Dictionary<string, long[]> { ["x"] = [1, length] });
        },
        "x",
        "y");

    private static Onnx.OnnxValueInfo Value(string name) => Onnx.OnnxValueInfo.Tensor(name, TensorElementType.Float32, "batch", "length");

    private static async Task<IPlanTuning> SettleAsync(EngineFixture fixture, IModelHandle model)
    {
        var tuning = (IPlanTuning)model.GetService(typeof(IPlanTuning))!;
        await PumpAsync(fixture, () => tuning.IsSettled);
        return tuning;
    }

    private static async Task<long> RunsWhileIdleAsync(EngineFixture fixture)
    {
        var before = fixture.Device.Statistics.RunsStarted;
        await IdleAsync(fixture);
        return fixture.Device.Statistics.RunsStarted - before;
    }

    /// <summary>Passes time until the tuner has taken a whole look at what came before, and done what it saw to do: it waits for the next look only then. The first wait may end a look that had begun.</summary>
    private static Task IdleAsync(EngineFixture fixture)
    {
        var waits = fixture.Time.CountTimers(PaceWatch.Interval);
        return PumpAsync(fixture, () => fixture.Time.CountTimers(PaceWatch.Interval) >= waits + 2);
    }

    /// <summary>Passes time: a run's whole time once it is under way, and small steps between two of them; none while a thread is about to start one, or that would count as the run's.</summary>
    private static async Task PumpAsync(EngineFixture fixture, Func<bool> isDone)
    {
        while (!isDone())
        {
            if (fixture.Device.Statistics.Waiting > 0) await PassRunAsync(fixture);
            else if (!IsMeasuring(fixture)) fixture.Time.Advance(TimeSpan.FromMilliseconds(5));
            await Task.Yield();
        }
    }

    private static async Task PassRunAsync(EngineFixture fixture)
    {
        var completed = fixture.Device.Statistics.RunsCompleted;
        fixture.Time.Advance(fixture.Device.Runs[^1].Latency);
        while (fixture.Device.Statistics.RunsCompleted == completed) await Task.Yield();
    }

    /// <summary>The lane has a binding, and a measurement its own.</summary>
    private static bool IsMeasuring(EngineFixture fixture) => fixture.Device.Statistics.LiveBindings > 1;

    private static async Task<InferenceResponse> ServeAsync(EngineFixture fixture, IModelHandle model, int length = 4)
    {
        var started = fixture.Device.Statistics.RunsStarted;
        using var input = TensorValue.Create(new float[length], 1, length);
        var answer = model.RunAsync(new InferenceRequest { ["x"] = input });
        await fixture.Device.WhenAsync(s => s.RunsStarted > started && s.Waiting > 0);
        await PassRunAsync(fixture);
        return await answer;
    }
}
