namespace EdgeAI.Leases;

[TestClass]
public sealed class LeaseChoiceTests
{
    private const long Needed = 4_000_000_000;

    /// <summary>Devices in the order of registration, each as "kind bandwidth free health": GB/s, - where not measured; GB; h, d or u.</summary>
    [TestMethod]
    [DataRow("cpu 40 30 h; gpu 500 30 h", 1, DisplayName = "the fastest")]
    [DataRow("cpu 60 30 h; gpu 50 30 h", 0, DisplayName = "the fastest, whatever it is")]
    [DataRow("gpu 500 2 h; cpu 40 30 h", 1, DisplayName = "what fits before what is fast")]
    [DataRow("gpu - 30 h; cpu 40 30 h", 1, DisplayName = "what was measured before what was not")]
    [DataRow("cpu - 30 h; gpu - 30 h", 1, DisplayName = "accelerators where nothing was measured")]
    [DataRow("gpu 500 30 d; cpu 40 30 h", 1, DisplayName = "what works before what is degraded")]
    [DataRow("gpu 500 30 u; cpu 40 30 h", 0, DisplayName = "what nothing is known of counts as well")]
    [DataRow("gpu 500 30 d; cpu 40 2 h", 0, DisplayName = "a degraded one that fits before waiting")]
    [DataRow("gpu 500 2 h; cpu 40 3 h", 0, DisplayName = "the fastest where all must wait")]
    [DataRow("gpu 500 30 h; gpu 500 90 h", 0, DisplayName = "of equals the first")]
    public void Make_BoundByMemory_Chooses(string devices, int expected) => Assert.AreEqual(expected, LeaseChoice.Make(Parse(devices), Needed, bytesPerStep: 2_000_000_000).Index);

    [TestMethod]
    [DataRow("cpu 40 30 h; cpu 90 30 h", 0)]
    [DataRow("cpu 40 2 h; cpu 30 30 h", 1)]
    public void Make_NotBoundByMemory_IsTheFirstThatFits(string devices, int expected) => Assert.AreEqual(expected, LeaseChoice.Make(Parse(devices), Needed, bytesPerStep: 0).Index);

    [TestMethod]
    [DataRow("cpu 40 30 h", "it is the only one that can take it; it was measured to read 40 GB/s, which is 20 steps a second at most")]
    [DataRow("cpu - 30 h", "it is the only one that can take it; how fast it reads was not measured")]
    [DataRow("cpu 40 30 h; gpu 501.26 30 h", "it was measured to read 501.3 GB/s, which is 250.6 steps a second at most, the most of 2 with the memory free")]
    [DataRow("gpu 500 30 d; cpu 40 30 h; cpu - 30 h", "it was measured to read 40 GB/s, which is 20 steps a second at most, the most of 3 with the memory free that nothing is wrong with")]
    [DataRow("gpu 500 1 h; cpu 40 30 h", "it alone has the memory free; it was measured to read 40 GB/s, which is 20 steps a second at most")]
    [DataRow("gpu - 30 h; cpu - 30 h", "no device was measured, and accelerators come before CPUs")]
    [DataRow("gpu 500 1 h; cpu 40 1 h", "none has the memory free, and it comes first of those that could")]
    public void Make_BoundByMemory_SaysWhy(string devices, string expected) => Assert.AreEqual(expected, LeaseChoice.Make(Parse(devices), Needed, bytesPerStep: 2_000_000_000).Reason);

    private static LeaseCandidate[] Parse(string devices) => [.. devices.Split("; ").Select(text => text.Split(' ')).Select((parts, index) => new LeaseCandidate(
        new DeviceInfo($"{parts[0]}:{index}", "test", parts[0] == "cpu" ? DeviceKind.Cpu : DeviceKind.Gpu, parts[0]),
        parts[1] == "-" ? null : double.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) * 1e9,
        parts[3] switch { "h" => DeviceHealth.Healthy, "d" => DeviceHealth.Degraded, _ => DeviceHealth.Unknown },
        long.Parse(parts[2], System.Globalization.CultureInfo.InvariantCulture) * 1_000_000_000))];
}
