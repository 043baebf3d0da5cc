namespace EdgeAI.Providers.Cpu.Tests.Probing;

/// <summary>Trees of real machines with another program's reading of them (hwloc's, see shared/machines/README.md).</summary>
[TestClass]
public sealed class RecordedMachineTests
{
    [TestMethod]
    [DataRow("20em64t-hybrid-1p6c2t+2ca4co1t", 1, 1, 14, 6, 8, 20, 32_489_496L, "13th Gen Intel(R) Core(TM) i7-1370P")]
    [DataRow("nvidia-dgx-gb10", 1, 1, 20, 10, 10, 20, 125_508_468L, null)]
    [DataRow("128arm-2pa2n8cluster4co", 2, 4, 128, null, null, 128, 527_031_224L, null)]
    [DataRow("40intel64-2g2n4c+pcilocality", 4, 4, 40, null, null, 40, 529_428_392L, "Intel(R) Xeon(R) CPU E7- 4870 @ 2.40GHz")]
    [DataRow("32amd64-4s2n4c-cgroup2", 3, 6, 6, null, null, 6, 100_661_164L, "AMD Opteron(tm) Processor 6134")]
    [DataRow("16amd64-8n2c-cpusets", 7, 4, 10, null, null, 10, 33_554_432L, "Dual Core AMD Opteron(tm) Processor 865")]
    [DataRow("8em64t-2s2ca2c", 2, 1, 8, null, null, 8, 16_468_292L, "Intel(R) Xeon(R) CPU E5345 @ 2.33GHz")]
    [DataRow("2arm-2c", 1, 1, 2, null, null, 2, 280_840L, null)]
    public void Read_RecordedMachine_AgreesWithHwloc(
        string archive, int packages, int nodes, int cores, int? performance, int? efficiency, int logical, long kilobytes, string? name)
    {
        var machine = RecordedMachine.Unpack(archive);

        var info = CpuProbe.Read(machine);

        var topology = info.Topology!;
        Assert.AreEqual(
            new CpuTopology(packages, nodes, cores, performance, efficiency, logical),
            new CpuTopology(topology.Packages, topology.NumaNodes, topology.Cores, topology.PerformanceCores, topology.EfficiencyCores, topology.LogicalProcessors));
        Assert.HasCount(cores, topology.CoreProcessors);
        Assert.AreEqual(logical, topology.CoreProcessors.SelectMany(core => core).Distinct().Count());
        Assert.AreEqual(kilobytes * 1024, info.MemoryBytes);
        Assert.AreEqual(cores, info.Parallelism);
        Assert.IsEmpty(info.Features, "a recorded tree says nothing of this machine");
        Assert.IsTrue(info.Facts.All(fact => fact.Source.Length > 0 && fact.Value != ""), "unknown is null, and every fact has a source");
        if (name is not null) Assert.AreEqual(name, info.Name);
        else Assert.AreNotEqual("", info.Name);
    }

    [TestMethod]
    [DataRow("20em64t-hybrid-1p6c2t+2ca4co1t", "L1d 6x48K/64 8x32K/64, L1i 8x64K/64 6x32K/64, L2 2x2048K/64 6x1280K/64, L3 1x24576K/64")]
    [DataRow("nvidia-dgx-gb10", "L1d 20x64K/64, L1i 20x64K/64, L2 10x2048K/64 10x512K/64, L3 1x16384K/64 1x8192K/64")]
    [DataRow("128arm-2pa2n8cluster4co", "L1d 128x64K/64, L1i 128x64K/64, L2 128x512K/64, L3 4x32768K/128")]
    [DataRow("40intel64-2g2n4c+pcilocality", "L1d 40x32K/64, L1i 40x32K/64, L2 40x256K/64, L3 4x30720K/64")]
    [DataRow("32amd64-4s2n4c-cgroup2", "L1d 6x64K/64, L1i 6x64K/64, L2 6x512K/64, L3 2x5118K/64")]
    [DataRow("16amd64-8n2c-cpusets", "L1d 10x64K/64, L1i 10x64K/64, L2 10x1024K/64")]
    [DataRow("8em64t-2s2ca2c", "L1d 8x32K/64, L1i 8x32K/64, L2 4x4096K/64")]
    [DataRow("2arm-2c", "")]
    public void Read_RecordedMachine_HasItsCaches(string archive, string expected)
    {
        var machine = RecordedMachine.Unpack(archive);

        var caches = CpuProbe.Read(machine).Topology!.Caches;

        var letters = new Dictionary<CpuCacheKind, string> { [CpuCacheKind.Data] = "d", [CpuCacheKind.Instruction] = "i", [CpuCacheKind.Unified] = "" };
        Assert.AreEqual(expected, string.Join(", ", caches.GroupBy(cache => $"L{cache.Level}{letters[cache.Kind]}")
            .Select(level => $"{level.Key} {string.Join(' ', level.Select(cache => $"{cache.Instances.Count}x{cache.SizeBytes / 1024}K/{cache.LineBytes}"))}")));
    }

    [TestMethod]
    public void Read_HybridLaptop_KnowsWhichProcessorsShareAndWhichAreFast()
    {
        var machine = RecordedMachine.Unpack("20em64t-hybrid-1p6c2t+2ca4co1t");

        var topology = CpuProbe.Read(machine).Topology!;

        CollectionAssert.AreEqual(Enumerable.Range(0, 12).ToArray(), topology.PerformanceProcessors.ToArray());
        CollectionAssert.AreEqual(Enumerable.Range(12, 8).ToArray(), topology.EfficiencyProcessors.ToArray());
        Assert.AreEqual(2, topology.ThreadsPerCore);
        CollectionAssert.AreEqual(new[] { 2, 3 }, topology.CoreProcessors[1].ToArray());
        CollectionAssert.AreEqual(new[] { 19 }, topology.CoreProcessors[13].ToArray());
        var ofEfficientCores = topology.Caches.Single(cache => cache is { Level: 2, SizeBytes: 2 << 20 });
        CollectionAssert.AreEqual(new[] { 12, 13, 14, 15 }, ofEfficientCores.Instances[0].ToArray());
        CollectionAssert.AreEqual(new[] { 16, 17, 18, 19 }, ofEfficientCores.Instances[1].ToArray());
    }

    [TestMethod]
    public void Read_SparkWithTwoClusters_KnowsWhichProcessorsAreFast()
    {
        var machine = RecordedMachine.Unpack("nvidia-dgx-gb10");

        var topology = CpuProbe.Read(machine).Topology!;

        CollectionAssert.AreEqual(new[] { 5, 6, 7, 8, 9, 15, 16, 17, 18, 19 }, topology.PerformanceProcessors.ToArray());
        Assert.AreEqual(1, topology.ThreadsPerCore);
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), topology.Caches[^1].Instances[0].ToArray());
    }

    [TestMethod]
    public void Read_ArmServer_HasNodesWithTheirDistances()
    {
        var machine = RecordedMachine.Unpack("128arm-2pa2n8cluster4co");

        var nodes = CpuProbe.Read(machine).Topology!.Nodes;

        Assert.HasCount(4, nodes);
        for (var i = 0; i < 4; i++) CollectionAssert.AreEqual(Enumerable.Range(32 * i, 32).ToArray(), nodes[i].Processors.ToArray());
        CollectionAssert.AreEqual(new[] { 10, 16, 32, 33 }, nodes[0].Distances.ToArray());
        CollectionAssert.AreEqual(new[] { 16, 10, 25, 32 }, nodes[1].Distances.ToArray());
        CollectionAssert.AreEqual(new[] { 33, 32, 16, 10 }, nodes[3].Distances.ToArray());
        Assert.AreEqual(131_732_940L * 1024, nodes[0].MemoryBytes);
    }

    [TestMethod]
    public void Read_CpusetOfSomeNodes_DescribesOnlyThose()
    {
        var machine = RecordedMachine.Unpack("32amd64-4s2n4c-cgroup2");

        var info = CpuProbe.Read(machine);

        var nodes = info.Topology!.Nodes;
        Assert.HasCount(6, nodes);
        Assert.IsTrue(nodes.All(node => node.Distances.Count == 6), "distances to nodes that may not be used are left out");
        Assert.IsTrue(nodes.Zip(Enumerable.Range(0, 6)).All(pair => pair.First.Distances[pair.Second] == 10), "each is nearest to itself");
        Assert.AreEqual(6, nodes.Sum(node => node.Processors.Count));
        Assert.AreEqual("0-5", info.Facts.Single(fact => fact.Name == "cpuset").Value);
    }
}
