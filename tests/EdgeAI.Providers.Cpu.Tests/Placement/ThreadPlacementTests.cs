using EdgeAI.Providers.Cpu.Placement;
using EdgeAI.Providers.Cpu.Probing;

namespace EdgeAI.Providers.Cpu.Tests.Placement;

[TestClass]
public sealed class ThreadPlacementTests
{
    [TestMethod]
    [DataRow(2, 1, 1, 2, DisplayName = "two cores, one lane of two threads")]
    [DataRow(2, 1, 2, 1, DisplayName = "two cores, two lanes of one thread")]
    [DataRow(2, 1, 1, 1, DisplayName = "two cores, one lane of one thread")]
    [DataRow(16, 1, 4, 4, DisplayName = "sixteen cores of one thread")]
    [DataRow(8, 2, 4, 4, DisplayName = "more threads than cores of two threads")]
    public void Place_MachineOfLikeCores_BindsNothing(int cores, int threadsPerCore, int lanes, int threads)
    {
        foreach (var (_, processors) in Place(TestTopologies.Flat(cores, threadsPerCore), lanes, threads)) Assert.IsNull(processors);
    }

    [TestMethod]
    public void Place_RoomOnCoresOfTwoThreads_UsesNoSecondThread()
    {
        foreach (var (_, processors) in Place(TestTopologies.Flat(8, 2), lanes: 2, threads: 4)) Assert.AreEqual("0,2,4,6,8,10,12,14", Text(processors));
    }

    [TestMethod]
    [DataRow(1, 6, "0,2,4,6,8,10", DisplayName = "one thread for each fast core")]
    [DataRow(3, 2, "0,2,4,6,8,10", DisplayName = "lanes that fill the fast cores")]
    [DataRow(1, 7, "0,2,4,6,8,10,12,13,14,15,16,17,18,19", DisplayName = "more than there are fast cores: the frugal ones before second threads")]
    [DataRow(1, 14, "0,2,4,6,8,10,12,13,14,15,16,17,18,19", DisplayName = "one thread for each core")]
    [DataRow(4, 4, null, DisplayName = "more than there are cores: anywhere")]
    [DataRow(1, 15, null, DisplayName = "one lane wider than the machine")]
    public void Place_Hybrid_FastCoresComeFirst(int lanes, int threads, string? expected)
    {
        foreach (var (_, processors) in Place(TestTopologies.Hybrid(), lanes, threads)) Assert.AreEqual(expected, Text(processors));
    }

    [TestMethod]
    public void Place_SeveralNodes_EachLaneHasOne()
    {
        var places = Place(TestTopologies.Nodes(4, 8), lanes: 6, threads: 4);

        CollectionAssert.AreEqual(new int?[] { 0, 1, 2, 3, 0, 1 }, places.Select(place => place.Domain).ToArray());
        Assert.AreEqual("8-15", IndexSet.Format(places[1].Processors!));
        Assert.AreEqual("24-31", IndexSet.Format(places[3].Processors!));
    }

    [TestMethod]
    public void Place_LaneWiderThanANode_MayUseTheWholeMachine()
    {
        var (domain, processors) = Place(TestTopologies.Nodes(2, 8), lanes: 1, threads: 12).Single();

        Assert.IsNull(domain);
        Assert.IsNull(processors);
    }

    [TestMethod]
    public void Place_NodesOfTwoThreadsACore_SecondThreadsOnlyWhereNeeded()
    {
        Assert.AreEqual("0,2,4,6", Text(Place(TestTopologies.Nodes(2, 4, 2), lanes: 2, threads: 4)[0].Processors));
        Assert.AreEqual("0,1,2,3,4,5,6,7", Text(Place(TestTopologies.Nodes(2, 4, 2), lanes: 4, threads: 4)[0].Processors));
    }

    [TestMethod]
    public void Place_LanesThatWouldCrowdANode_MayUseTheWholeMachine()
    {
        foreach (var (_, processors) in Place(TestTopologies.Nodes(2, 8), lanes: 3, threads: 5)) Assert.IsNull(processors, "fifteen threads fit sixteen cores, but ten do not fit eight");
    }

    [TestMethod]
    public void Place_CoresOfNodesThatMayNotBeUsed_AreNotLeftIdle()
    {
        var topology = TestTopologies.Nodes(3, 4) with { Nodes = [new NumaNode(0, [0, 1, 2, 3], null, []), new NumaNode(2, [8, 9, 10, 11], null, [])] };

        Assert.IsNull(Place(topology, lanes: 3, threads: 4)[0].Processors);
    }

    [TestMethod]
    public void Place_NodesOfDifferentSize_AreFilledInProportion()
    {
        var topology = TestTopologies.Nodes(2, 4) with { Nodes = [new NumaNode(0, [0, 1], null, []), new NumaNode(1, [2, 3, 4, 5, 6, 7], null, [])] };

        var domains = Place(topology, lanes: 8, threads: 1).Select(place => place.Domain!.Value).ToArray();

        Assert.AreEqual(2, domains.Count(domain => domain == 0));
        Assert.AreEqual(6, domains.Count(domain => domain == 1));
    }

    [TestMethod]
    public void Place_UnknownCores_BindsNothing() =>
        Assert.AreEqual((null, null), Place(new CpuTopology(1, 1, 8, null, null, 8), lanes: 1, threads: 1).Single());

    [TestMethod]
    [DataRow("20em64t-hybrid-1p6c2t+2ca4co1t", 1, 6, "0,2,4,6,8,10")]
    [DataRow("nvidia-dgx-gb10", 2, 5, "5-9,15-19")]
    [DataRow("128arm-2pa2n8cluster4co", 4, 32, "0-31")]
    [DataRow("40intel64-2g2n4c+pcilocality", 4, 10, "0,4,8,12,16,20,24,28,32,36")]
    [DataRow("8em64t-2s2ca2c", 1, 4, "")]
    public void Place_RecordedMachine_FirstLaneHasTheseProcessors(string archive, int lanes, int threads, string expected)
    {
        var machine = RecordedMachine.Unpack(archive);

        Assert.AreEqual(expected, IndexSet.Format(Place(CpuProbe.Read(machine).Topology!, lanes, threads)[0].Processors ?? []));
    }

    [TestMethod]
    public void Ledger_SecondModel_GoesWhereThereIsRoom()
    {
        var ledger = new PlacementLedger(TestTopologies.Nodes(2, 8));

        var first = ledger.Take("a", new LaneRequest(1, 4, 1));
        var second = ledger.Take("b", new LaneRequest(1, 4, 1));

        Assert.AreEqual(0, first[0].Domain);
        Assert.AreEqual(1, second[0].Domain);
        CollectionAssert.AreEqual(new[] { 4, 4 }, ledger.Load);
        ledger.Return("a", new LaneRequest(1, 4, 1), first);
        Assert.AreEqual(0, ledger.Take("c", new LaneRequest(1, 4, 1))[0].Domain);
    }

    [TestMethod]
    public void Ledger_OtherModelOnFastCores_LeavesThemToItWhereFull()
    {
        var ledger = new PlacementLedger(TestTopologies.Hybrid());
        ledger.Take("a", new LaneRequest(1, 6, 1));

        Assert.AreEqual("0,2,4,6,8,10,12,13,14,15,16,17,18,19", Text(ledger.Take("b", new LaneRequest(1, 6, 1))[0].Processors));
    }

    [TestMethod]
    public void Ledger_SameModelChangingItsPlan_KeepsTheFastCores()
    {
        var ledger = new PlacementLedger(TestTopologies.Hybrid());
        ledger.Take("a", new LaneRequest(1, 14, 1));

        Assert.AreEqual("0,2,4,6,8,10", Text(ledger.Take("a", new LaneRequest(6, 1, 6))[0].Processors), "the plan before is about to go");
    }

    private static IReadOnlyList<(int? Domain, IReadOnlyList<int>? Processors)> Place(CpuTopology topology, int lanes, int threads)
    {
        var domains = ProcessorDomain.Of(topology).Count;
        return ThreadPlacement.Place(topology, new LaneRequest(lanes, threads, lanes), new int[domains], new int[domains]);
    }

    private static string? Text(IReadOnlyList<int>? processors) => processors is null ? null : string.Join(',', processors);
}
