using EdgeAI.Onnx;

namespace EdgeAI.Evaluation;

[TestClass]
public sealed class ProbeSuiteTests
{
    private static readonly DeviceInfo _small = new("cpu:0", "cpu", DeviceKind.Cpu, "CPU") { MemoryBytes = 64 << 20, Parallelism = 8 };

    public static IEnumerable<object[]> Probes => ProbeSuite.For(_small).Where(probe => probe.Threads == 8).Select(probe => new object[] { probe.Name });

    [TestMethod]
    [DynamicData(nameof(Probes))]
    public void For_EachProbe_IsAModelThatDoesWhatItsPointsSay(string name)
    {
        var probe = ProbeSuite.For(_small).First(candidate => candidate.Name == name);
        using var descriptor = OnnxModelDescriptor.Open(ModelSource.FromBytes(OnnxWriter.ToBytes(probe.Build()), name));
        foreach (var point in probe.Points)
        {
            var cost = ModelCost.Estimate(descriptor.Model, freeDimensionOverrides: new Dictionary<string, long> { [ProbeGraphs.Rows] = point.Rows });

            Assert.IsTrue(cost.IsComplete, string.Join("; ", cost.Unknown));
            Assert.AreEqual(point.Nodes, cost.Nodes.Count(node => node.Family != OperatorFamily.Control || probe.Family == ProbeFamily.NodeCost) - (probe.InnerNodes * point.Nodes), "nodes");

            // Gates of recurrent layers and biases are a few percent that a rate does not need.
            if (point.Flops > 0) Assert.AreEqual(point.Flops, cost.Flops, 0.02 * point.Flops, "flops");
        }
    }

    [TestMethod]
    public void For_SeveralThreads_ReadsMemoryWithFewerToo()
    {
        var threads = ProbeSuite.For(_small).Where(probe => probe.Family == ProbeFamily.Bandwidth).Select(probe => probe.Threads).ToArray();

        CollectionAssert.AreEqual(new[] { 8, 1, 4, 2 }, threads);
        Assert.HasCount(1, ProbeSuite.For(_small with { Parallelism = 1 }).Where(probe => probe.Family == ProbeFamily.Bandwidth));
        Assert.HasCount(1, ProbeSuite.For(_small with { Parallelism = null }).Where(probe => probe.Family == ProbeFamily.Bandwidth));
    }

    [TestMethod]
    [DataRow(1L << 40, null, 256L << 20)]
    [DataRow(null, null, 256L << 20)]
    [DataRow(1L << 40, 128L << 20, 512L << 20)]
    [DataRow(1L << 30, null, 128L << 20)]
    public void BandwidthBytes_CachesAndMemory_IsMoreThanTheOneAndAnEighthOfTheOther(long? memory, long? cache, long expected) =>
        Assert.AreEqual(expected, ProbeSuite.BandwidthBytes(_small with { MemoryBytes = memory, LastLevelCacheBytes = cache }));
}
