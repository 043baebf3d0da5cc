using System.Buffers.Binary;
using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.MacOS;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

/// <summary>Answers of macOS by the names that sysctl(3) documents.</summary>
[TestClass]
public sealed class MacCpuTests
{
    private static readonly Dictionary<string, long> _appleSilicon = new()
    {
        ["hw.packages"] = 1,
        ["hw.nperflevels"] = 2,
        ["hw.cachelinesize"] = 128,
        ["hw.memsize"] = 16L << 30,
        ["hw.pagesize"] = 16384,
        ["hw.perflevel0.physicalcpu"] = 4,
        ["hw.perflevel0.logicalcpu"] = 4,
        ["hw.perflevel0.l1dcachesize"] = 128 << 10,
        ["hw.perflevel0.l2cachesize"] = 16 << 20,
        ["hw.perflevel0.cpusperl2"] = 4,
        ["hw.perflevel1.physicalcpu"] = 6,
        ["hw.perflevel1.logicalcpu"] = 6,
        ["hw.perflevel1.l1dcachesize"] = 64 << 10,
        ["hw.perflevel1.l2cachesize"] = 4 << 20,
        ["hw.perflevel1.cpusperl2"] = 3,
        ["hw.optional.arm.FEAT_DotProd"] = 1,
        ["hw.optional.arm.FEAT_I8MM"] = 1,
        ["hw.optional.arm.FEAT_SME"] = 0,
    };

    [TestMethod]
    public void MacCpu_AppleSilicon_HasKindsCachesAndFeatures()
    {
        var info = new CpuFacts(new MacCpu(new Calls(_appleSilicon, "Apple M")), isLive: false, features: ["asimd"]).Info;

        var topology = info.Topology!;
        Assert.AreEqual("Apple M", info.Name);
        Assert.AreEqual(16L << 30, info.MemoryBytes);
        Assert.AreEqual((1, 1, 10, 4, 6, 10, 1), (topology.Packages, topology.NumaNodes, topology.Cores, topology.PerformanceCores, topology.EfficiencyCores, topology.LogicalProcessors, topology.ThreadsPerCore));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, topology.PerformanceProcessors.ToArray());
        CollectionAssert.AreEqual(new[] { 4, 5, 6, 7, 8, 9 }, topology.EfficiencyProcessors.ToArray());
        Assert.AreEqual("L1 4x131072, L1 6x65536, L2 1x16777216, L2 2x4194304", string.Join(", ", topology.Caches.Select(c => $"L{c.Level} {c.Instances.Count}x{c.SizeBytes}")));
        CollectionAssert.AreEqual(new[] { 7, 8, 9 }, topology.Caches[3].Instances[1].ToArray());
        CollectionAssert.AreEqual(new[] { "asimd", "asimddp", "i8mm" }, info.Features.ToArray());
        Assert.AreEqual("asimd asimddp i8mm", info.Facts.Single(fact => fact.Name == "instruction sets").Value);
    }

    [TestMethod]
    public void MacCpu_IntelMac_IsOfOneKindWithTwoThreadsACore()
    {
        var topology = new MacCpu(new Calls(new()
        {
            ["hw.physicalcpu"] = 4,
            ["hw.logicalcpu"] = 8,
            ["hw.cachelinesize"] = 64,
            ["hw.l1dcachesize"] = 32 << 10,
            ["hw.l2cachesize"] = 256 << 10,
            ["hw.l3cachesize"] = 6 << 20,
        })).Reading.Topology!;

        Assert.AreEqual((4, 8, 2), (topology.Cores, topology.LogicalProcessors, topology.ThreadsPerCore));
        Assert.IsNull(topology.PerformanceCores);
        CollectionAssert.AreEqual(new[] { 6, 7 }, topology.CoreProcessors[3].ToArray());
        Assert.AreEqual("L1 4, L2 4, L3 1", string.Join(", ", topology.Caches.Select(c => $"L{c.Level} {c.Instances.Count}")));
    }

    [TestMethod]
    public void MacCpu_NothingAnswers_IsUnknown()
    {
        var cpu = new MacCpu(new Calls([]));

        Assert.IsNull(cpu.Reading.Topology);
        Assert.IsNull(cpu.Reading.MemoryBytes);
        Assert.IsNull(cpu.ReadFreeMemory());
        Assert.IsNull(cpu.ReadState().IsThrottled);
    }

    [TestMethod]
    public void ReadFreeMemory_Statistics_CountsFreeAndInactivePages()
    {
        var statistics = new byte[152];
        BinaryPrimitives.WriteUInt32LittleEndian(statistics, 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(statistics.AsSpan(4), 7);
        BinaryPrimitives.WriteUInt32LittleEndian(statistics.AsSpan(8), 500);

        Assert.AreEqual(1500L * 16384, new MacCpu(new Calls(_appleSilicon) { Statistics = statistics }).ReadFreeMemory());
    }

    [TestMethod]
    [DataRow(0ul, false)]
    [DataRow(1ul, false)]
    [DataRow(2ul, true)]
    [DataRow(4ul, true)]
    public void ReadState_ThermalPressure_ThrottlesFromHeavyOn(ulong level, bool expected) =>
        Assert.AreEqual(expected, new MacCpu(new Calls(_appleSilicon) { Pressure = level }).ReadState().IsThrottled);

    private sealed class Calls(Dictionary<string, long> numbers, string? name = null) : IMacCalls
    {
        public byte[]? Statistics { get; init; }

        public ulong? Pressure { get; init; }

        public long? ReadNumber(string key) => numbers.TryGetValue(key, out var value) ? value : null;

        public string? ReadText(string key) => key == "machdep.cpu.brand_string" ? name : null;

        public byte[]? ReadMemoryStatistics() => Statistics;

        public ulong? ReadThermalPressure() => Pressure;
    }
}
