using System.Text.Json;
using EdgeAI.Cli.Bench;
using EdgeAI.Cli.Tests.Npy;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class BenchCommandTests
{
    [TestMethod]
    public async Task Bench_SingleStream_CountsEveryRequest()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--duration", "0.1", "--batching", "off", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var requests = run.Json.GetProperty("requests").GetInt64();
        Assert.IsGreaterThan(0, requests);
        Assert.AreEqual("single-stream", run.Json.GetProperty("scenario").GetString());
        Assert.AreEqual($$"""{"1":{{requests}}}""", run.Json.GetProperty("batchSizes").GetRawText());
        Assert.AreEqual($$"""{"cpu:0":{{requests}}}""", run.Json.GetProperty("devices").GetRawText());
        Assert.AreEqual(1, run.Json.GetProperty("plan").GetProperty("maxBatch").GetInt32());
        Assert.AreEqual(0, run.Json.GetProperty("errors").GetInt64());
        Assert.AreEqual(0, run.Json.GetProperty("rejected").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("baseline").ValueKind);
        var latency = run.Json.GetProperty("latencyMs");
        Assert.IsLessThanOrEqualTo(latency.GetProperty("p99").GetDouble(), latency.GetProperty("p50").GetDouble());
    }

    [TestMethod]
    public async Task Bench_Baseline_ReportsRatios()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--duration", "0.1", "--concurrency", "2", "--shape", "x=4,3", "--baseline", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsGreaterThan(0, run.Json.GetProperty("baseline").GetProperty("throughput").GetDouble());
        Assert.IsGreaterThan(0, run.Json.GetProperty("ratio").GetProperty("throughput").GetDouble());
        Assert.IsGreaterThan(0, run.Json.GetProperty("ratio").GetProperty("p50").GetDouble());
    }

    [TestMethod]
    public async Task Bench_Offline_QueuesAllAtOnce()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--scenario", "offline", "--duration", "0.1", "--baseline", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsGreaterThan(0, run.Json.GetProperty("requests").GetInt64());
        Assert.AreEqual(0, run.Json.GetProperty("rejected").GetInt64());
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("concurrency").ValueKind);
    }

    [TestMethod]
    public async Task Bench_LanesAndThreads_AreThePlan()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--duration", "0.1", "--lanes", "3", "--threads", "1", "--batching", "off", "--json");

        Assert.AreEqual("""{"lanes":3,"threads":1,"maxBatch":1}""", run.Json.GetProperty("plan").GetRawText());
    }

    [TestMethod]
    public async Task Bench_ForPeople_SaysNotMlperf()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", NpyFile.Create("<f4", "(2, 3)", new byte[24]));

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "-i", $"x={input}", "--duration", "0.1");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("not MLPerf", run.Output);
    }

    [TestMethod]
    public async Task Bench_MultiStream_CountsQueriesOfEightSamples()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--scenario", "multi-stream", "--duration", "0.1", "--baseline", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual(8, run.Json.GetProperty("samples").GetInt32());
        Assert.AreEqual(run.Json.GetProperty("queries").GetInt64() * 8, run.Json.GetProperty("requests").GetInt64());
        Assert.IsGreaterThan(0, run.Json.GetProperty("baseline").GetProperty("throughput").GetDouble());
    }

    [TestMethod]
    public async Task Bench_Server_SendsTheScheduleOfTheSeed()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--scenario", "server", "--rate", "200", "--duration", "0.5", "--seed", "7", "--deadline", "10000", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var offered = ArrivalSchedule.Draw(200, TimeSpan.FromSeconds(0.5), seed: 7).Length;
        var json = run.Json;
        Assert.AreEqual(offered, json.GetProperty("requests").GetInt64() + json.GetProperty("rejected").GetInt64() + json.GetProperty("errors").GetInt64());
        Assert.AreEqual(200, json.GetProperty("rate").GetDouble());
        Assert.IsGreaterThanOrEqualTo(0, json.GetProperty("senderLagMs").GetDouble());
        Assert.AreEqual(json.GetProperty("throughput").GetDouble(), json.GetProperty("goodput").GetDouble(), 1e-9);
        Assert.AreEqual(JsonValueKind.Null, json.GetProperty("concurrency").ValueKind);
    }

    [TestMethod]
    public async Task Bench_ServerWithBaseline_ServesTheSameArrivals()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--scenario", "server", "--rate", "200", "--duration", "0.4", "--baseline", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var baseline = run.Json.GetProperty("baseline");
        Assert.AreEqual(0, baseline.GetProperty("rejected").GetInt64());
        Assert.IsGreaterThan(0, baseline.GetProperty("throughput").GetDouble());
        Assert.IsGreaterThan(0, run.Json.GetProperty("ratio").GetProperty("p50").GetDouble());
    }

    [TestMethod]
    public async Task Bench_Plot_DrawsTheCurveAndReportsIt()
    {
        using var folder = new TemporaryFolder();
        var plot = folder.PathOf("curve.svg");

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--plot", plot, "--duration", "0.5", "--baseline", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("server", run.Json.GetProperty("scenario").GetString());
        Assert.AreEqual(plot, run.Json.GetProperty("plot").GetString());
        var engine = run.Json.GetProperty("curve").GetProperty("engine").EnumerateArray().ToArray();
        var baseline = run.Json.GetProperty("curve").GetProperty("baseline").EnumerateArray().ToArray();
        Assert.HasCount(Sweep.Loads.Length, engine);
        CollectionAssert.AreEqual(engine.Select(point => point.GetProperty("rate").GetDouble()).ToArray(), baseline.Select(point => point.GetProperty("rate").GetDouble()).ToArray());
        Assert.AreEqual(engine[Array.IndexOf(Sweep.Loads, Sweep.TypicalLoad)].GetProperty("rate").GetDouble(), run.Json.GetProperty("rate").GetDouble());
        CollectionAssert.AreEqual((string[])[plot], Directory.GetFiles(folder.Path, "curve*"));
        Assert.Contains("</svg>", await File.ReadAllTextAsync(plot));
    }

    [TestMethod]
    public async Task Bench_PlotOfAnotherScenario_MeasuresBoth()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--scenario", "multi-stream", "--plot", folder.PathOf("curve.png"), "--duration", "0.3", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("multi-stream", run.Json.GetProperty("scenario").GetString());
        Assert.AreEqual(JsonValueKind.Null, run.Json.GetProperty("curve").GetProperty("baseline").ValueKind);
        CollectionAssert.AreEqual((byte[])[0x89, (byte)'P', (byte)'N', (byte)'G'], (await File.ReadAllBytesAsync(folder.PathOf("curve.png")))[..4]);
    }

    [TestMethod]
    public async Task Bench_PlotAndModelMissing_LeavesNoFile()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", folder.PathOf("missing.onnx"), "--plot", folder.PathOf("curve.svg"));

        Assert.AreEqual(1, run.ExitCode);
        run.Explanation();
        Assert.IsEmpty(Directory.GetFiles(folder.Path));
    }

    [TestMethod]
    public async Task Bench_ServingOptions_AreAccepted()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--duration", "0.1", "--batching", "4", "--batch-axis", "x=0", "--batch-axis", "out/y:0=0", "--goal", "throughput", "--wait", "none", "--settle", "0", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.IsGreaterThan(0, run.Json.GetProperty("requests").GetInt64());
    }

    [TestMethod]
    public async Task Bench_ShapeThatDoesNotFit_NamesTheSignature()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--shape", "x=1,4");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("x float32[n,3]", run.Explanation());
    }

    [TestMethod]
    public async Task Bench_InvalidLanes_NamesTheOption()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("bench", TestModels.WriteDoubling(folder), "--lanes", "0");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("Lanes", run.Explanation());
    }

    [TestMethod]
    public async Task Bench_Cancelled_Returns130()
    {
        using var folder = new TemporaryFolder();
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var run = await ToolRun.RunAsync(["bench", TestModels.WriteDoubling(folder), "--duration", "60", "--json"], cancelled.Token);

        Assert.AreEqual(130, run.ExitCode);
        Assert.AreEqual("Cancelled.", run.Json.GetProperty("error").GetString());
    }
}
