using System.Text;
using System.Xml.Linq;
using EdgeAI.Cli.CommandLine;
using EdgeAI.Cli.Output;
using EdgeAI.Cli.Plotting;

namespace EdgeAI.Cli.Tests.Plotting;

[TestClass]
public sealed class RooflinePlotTests
{
    private static readonly DeviceProfile _profile = new()
    {
        MeasuredAt = DateTimeOffset.UnixEpoch,
        Versions = "1",
        ReadBandwidth = 2e10,
        ReadRates = [new ReadRate(1 << 20, 6e10)],
        Gemm = [new GemmRate(TensorElementType.Float32, 1, 1e10), new GemmRate(TensorElementType.Float32, 512, 1e11), new GemmRate(TensorElementType.Int4, 1, 3e10)],
    };

    [TestMethod]
    public void Draw_OneDevice_NamesItsRoofs()
    {
        var text = TextOf(RooflinePlot.Draw([Device("cpu:0", _profile)], PlotFormat.Svg));

        Assert.Contains("Roofline of cpu:0", text);
        Assert.Contains("memory, 20 GB/s", text);
        Assert.Contains("caches, 60 GB/s", text);
        Assert.Contains("float32, 1 512 rows", text);
        Assert.Contains("int4, 1 rows", text);
        Assert.DoesNotContain("int8", text);
        Assert.Contains("Gflop/s", text);
    }

    [TestMethod]
    public void Draw_SeveralDevices_TellsThemApartAndLeavesOutThoseWithoutFigures()
    {
        var text = TextOf(RooflinePlot.Draw([Device("cpu:0", _profile), Device("npu:0", null), Device("gpu:0", _profile with { ReadBandwidth = 5e11 })], PlotFormat.Svg));

        Assert.Contains("Roofline of cpu:0, gpu:0", text);
        Assert.Contains("gpu:0, memory, 500 GB/s", text);
        Assert.DoesNotContain("npu:0", text);
    }

    [TestMethod]
    public void Draw_NothingMeasured_IsExplained() =>
        StringAssert.Contains(Assert.Throws<ToolException>(() => RooflinePlot.Draw([Device("cpu:0", null)], PlotFormat.Svg)).Message, "nothing to plot");

    private static DeviceReport Device(string id, DeviceProfile? profile) =>
        DeviceReport.From(new DeviceInfo(id, "cpu", DeviceKind.Cpu, "CPU"), default) with { Profile = ProfileReport.From(profile) };

    private static string TextOf(byte[] svg) => string.Join('\n', XDocument.Parse(Encoding.UTF8.GetString(svg)).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value));
}
