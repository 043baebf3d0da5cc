using System.Text;
using System.Xml.Linq;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Tests.Plotting;

[TestClass]
public sealed class LatencyPlotTests
{
    [TestMethod]
    public void Draw_BothSides_NamesCurvesAxesAndPlan()
    {
        var curve = new CurveReport([Point(10, 1), Point(20, 2), Point(25, 40)], [Point(10, 2), Point(15, 90)]);

        var text = TextOf(Draw(curve, deadline: 50));

        Assert.Contains("digits <v1>: 2 lanes of 1 thread, batches of up to 8 (cpu:0)", text);
        Assert.Contains("EdgeAI, p50", text);
        Assert.Contains("plain Run, p99", text);
        Assert.Contains("deadline, 50 ms", text);
        Assert.Contains("Throughput reached, items per second", text);
        Assert.Contains("Latency from the scheduled arrival, ms", text);
    }

    [TestMethod]
    public void Draw_EngineAlone_HasNoOtherCurve()
    {
        var text = TextOf(Draw(new CurveReport([Point(10, 1), Point(20, 2)], null)));

        Assert.DoesNotContain("plain Run", text);
        Assert.DoesNotContain("deadline", text);
    }

    [TestMethod]
    public void Draw_NothingAnswered_IsStillAPicture() => Assert.Contains("digits", TextOf(Draw(new CurveReport([Point(0, 0)], [Point(0, 0)]))));

    private static XDocument Draw(CurveReport curve, double? deadline = null)
    {
        var report = new BenchReport("server", null, 1, 1, new LatencyReport(1, 1, 1, 1), new Dictionary<int, long>(), new Dictionary<string, long> { ["cpu:0"] = 1 }, new PlanReport(2, 1, 8), 1, 0, 0, null, null, null) { Curve = curve, DeadlineMs = deadline };
        return XDocument.Parse(Encoding.UTF8.GetString(LatencyPlot.Draw(report, "digits <v1>", PlotFormat.Svg)));
    }

    private static string TextOf(XDocument picture) => string.Join('\n', picture.Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()));

    private static CurvePointReport Point(double throughput, double latency) => new(throughput, throughput, new LatencyReport(latency, latency * 2, latency * 3, latency * 4), 0, 0, 0);
}
