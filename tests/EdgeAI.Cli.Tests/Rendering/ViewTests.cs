using EdgeAI.Cli.Output;
using EdgeAI.Cli.Rendering;
using Spectre.Console;

namespace EdgeAI.Cli.Tests.Rendering;

[TestClass]
public sealed class ViewTests
{
    [TestMethod]
    public void Render_Redirected_IsPlainTextOfEightyColumns()
    {
        var features = Enumerable.Range(0, 40).Select(i => $"feature{i}").ToArray();
        var device = new DeviceReport("cpu:0", "cpu", "cpu", new string('n', 100), 1L << 30, 2, features, TopologyReport.From(new CpuTopology(1, 1, 14, 6, 8, 20)), new DeviceStatusReport("healthy", null, null, 61, null) { TemperatureLimitCelsius = 100, IsThrottled = true })
        {
            Facts = [new FactReport("l3 cache", "1 x 24 MiB", "/sys/devices/system/cpu/cpu*/cache"), new FactReport("power limit", null, "/sys/class/powercap")],
        };

        var text = Render(console => DevicesView.Render(console, new DevicesReport([device], [new UnavailableReport("cuda", "there is no driver")])));

        Assert.DoesNotContain('\e', text);
        Assert.IsTrue(text.Split(Environment.NewLine).All(line => line.Length <= 80), text);
        Assert.Contains("14 cores (6 performance, 8 efficiency)", text);
        Assert.Contains("cuda: there is no driver", text);
        Assert.Contains("61.0 of 100 °C, throttled", text);
        Assert.Contains("1 x 24 MiB", text);
        Assert.DoesNotContain("power limit", text, "people read what is known; the JSON has the rest");
    }

    [TestMethod]
    public void Render_NamesThatLookLikeMarkup_AreShownAsTheyAre()
    {
        var report = new InspectReport([new TensorReport("[red]x[/]", "float32", [new AxisLength(1, null), new AxisLength(null, "n"), default])], [], null, 8, 0, 0, new Dictionary<string, int> { ["[bold]"] = 1 }, new BatchingReport(false, "[why]"));

        var text = Render(console => InspectView.Render(console, report));

        Assert.Contains("[red]x[/]", text);
        Assert.Contains("float32 [1,n,?]", text);
        Assert.Contains("[bold]", text);
        Assert.Contains("[why]", text);
    }

    [TestMethod]
    public void Render_Measurement_ShowsBothSidesAndTheRemark()
    {
        var latency = new LatencyReport(1, 2, 3, 4);
        var report = new BenchReport("single-stream", 1, 1000, 500, latency, new Dictionary<int, long> { [1] = 1000 }, new Dictionary<string, long> { ["cpu:0"] = 1000 }, new PlanReport(1, 2, 1), 12, 0, 0, new BaselineReport(400, latency), new RatioReport(1.25, 0.98), "not MLPerf: short");

        var text = Render(console => BenchView.Render(console, report));

        Assert.Contains("1.25x", text);
        Assert.Contains("0.980x", text);
        Assert.Contains("1,000 on cpu:0", text);
        Assert.Contains("not MLPerf: short", text);
    }

    [TestMethod]
    public void Render_ServerUnderLoad_ShowsBatchesGoodputAndRefusals()
    {
        var latency = new LatencyReport(1, 2, 3, 4);
        var sizes = new Dictionary<int, long> { [1] = 10, [4] = 400, [2] = 200 };
        var report = new BenchReport("server", null, 610, 500, latency, sizes, new Dictionary<string, long> { ["cpu:0"] = 610 }, new PlanReport(2, 1, 4), 12, 7, 0, null, null, null)
        {
            Rate = 600,
            SenderLagMs = 0.25,
            RefusalMs = new RefusalReport(0.5, 1.5),
            DeadlineMs = 20,
            Goodput = 480,
            Settled = false,
            Batching = new BatchingReport(true, "declared"),
            Plot = "/tmp/curve.svg",
        };

        var text = Render(console => BenchView.Render(console, report));

        Assert.IsTrue(text.Split(Environment.NewLine).All(line => line.Length <= 80), text);
        Assert.Contains(new string('█', 40), text);
        Assert.DoesNotContain(new string('█', 41), text);
        Assert.Contains("in 20.0 ms, items/s", text);
        Assert.Contains("600 queries/s at random times: 610 requests", text);
        Assert.Contains("not settled", text);
        Assert.Contains("Batching is possible: declared", text);
        Assert.Contains("7 rejected (told after 0.500 ms at p50, 1.50 at p99)", text);
        Assert.Contains("0.250 ms late", text);
        Assert.Contains("Plot: /tmp/curve.svg", text);
    }

    [TestMethod]
    public void Render_FailedCheck_ShowsTheFix()
    {
        var text = Render(console => DoctorView.Render(console, new DoctorReport([new CheckReport("memory", false, "too little", "buy more")])));

        Assert.Contains("FAIL", text);
        Assert.Contains("Fix: buy more", text);
    }

    private static string Render(Action<IAnsiConsole> render)
    {
        using var writer = new StringWriter();
        render(Consoles.For(writer));
        return writer.ToString();
    }
}
