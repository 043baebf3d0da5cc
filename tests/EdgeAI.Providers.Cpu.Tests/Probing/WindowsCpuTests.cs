using System.Buffers.Binary;
using EdgeAI.Providers.Cpu.Probing.Windows;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

/// <summary>Answers of Windows, built from the layouts that winnt.h and sysinfoapi.h document for 64-bit programs.</summary>
[TestClass]
public sealed class WindowsCpuTests
{
    [TestMethod]
    public void Parse_HybridLaptop_HasKindsCachesAndSmt()
    {
        // Two fast cores of two threads, four frugal ones that share a cache.
        byte[] answer =
        [
            .. Core(1, 0b0000_0011), .. Core(1, 0b0000_1100), .. Core(0, 0b0001_0000), .. Core(0, 0b0010_0000), .. Core(0, 0b0100_0000), .. Core(0, 0b1000_0000),
            .. Cache(1, 2, 48 << 10, 0b11), .. Cache(1, 2, 48 << 10, 0b1100), .. Cache(2, 0, 2 << 20, 0b1111_0000), .. Cache(3, 0, 24 << 20, 0xFF), .. Cache(1, 3, 1, 1),
            .. Package(0xFF), .. Node(0, 0, 0xFF), .. Group(),
        ];

        var topology = ProcessorInformation.Parse(answer, affinity: 0xFF)!;

        Assert.AreEqual((1, 1, 6, 2, 4, 8, 2), (topology.Packages, topology.NumaNodes, topology.Cores, topology.PerformanceCores, topology.EfficiencyCores, topology.LogicalProcessors, topology.ThreadsPerCore));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, topology.PerformanceProcessors.ToArray());
        CollectionAssert.AreEqual(new[] { 4, 5, 6, 7 }, topology.EfficiencyProcessors.ToArray());
        Assert.AreEqual("L1 Data 2x49152/64, L2 Unified 1x2097152/64, L3 Unified 1x25165824/64", string.Join(", ", topology.Caches.Select(c => $"L{c.Level} {c.Kind} {c.Instances.Count}x{c.SizeBytes}/{c.LineBytes}")));
        CollectionAssert.AreEqual(new[] { 4, 5, 6, 7 }, topology.Caches[1].Instances[0].ToArray());
    }

    [TestMethod]
    public void Parse_Affinity_OnlyItsProcessorsCount()
    {
        byte[] answer = [.. Core(0, 0b11), .. Core(0, 0b1100), .. Package(0b1111), .. Node(0, 0, 0b1111), .. Cache(2, 0, 1 << 20, 0b1100)];

        var topology = ProcessorInformation.Parse(answer, affinity: 0b0010)!;

        Assert.AreEqual((1, 1), (topology.Cores, topology.LogicalProcessors));
        Assert.IsEmpty(topology.Caches);
        CollectionAssert.AreEqual(new[] { 1 }, topology.Nodes[0].Processors.ToArray());
    }

    [TestMethod]
    public void Parse_TwoGroups_ProcessorsOfTheSecondFollow()
    {
        byte[] answer =
        [
            .. Core(0, 1), .. Core(0, 1, group: 1), .. Package((1, 0), (1, 1)), .. Node(0, 0, 1), .. Node(1, 1, 1),
            // One node over both groups, as newer systems tell it, beside the old record.
            .. Record(6, [.. BitConverter.GetBytes(1), .. new byte[18], .. Masks((1, 1))]),
        ];

        var topology = ProcessorInformation.Parse(answer, affinity: 0)!;

        Assert.AreEqual((1, 2, 2), (topology.Packages, topology.NumaNodes, topology.LogicalProcessors));
        CollectionAssert.AreEqual(new[] { 64 }, topology.CoreProcessors[1].ToArray());
        CollectionAssert.AreEqual(new[] { 64 }, topology.Nodes[1].Processors.ToArray());
        Assert.IsNull(topology.PerformanceCores);
    }

    [TestMethod]
    public void Parse_OldRecordsThatCountNoGroups_HaveOne()
    {
        var cache = Cache(2, 0, 1 << 20, 0b1);
        cache[8 + 30] = 0;

        Assert.HasCount(1, ProcessorInformation.Parse([.. Core(0, 1), .. cache], affinity: null)!.Caches);
    }

    [TestMethod]
    public void Parse_CutOffAnywhere_NeverThrows()
    {
        byte[] answer = [.. Core(1, 0b11), .. Core(0, 0b100), .. Cache(1, 2, 48 << 10, 0b11), .. Package(0b111), .. Node(0, 0, 0b111)];

        for (var length = 0; length <= answer.Length; length++)
        {
            var topology = ProcessorInformation.Parse(answer.AsSpan(0, length), affinity: null);
            Assert.AreEqual(length >= Core(1, 1).Length, topology is not null);
        }
    }

    [TestMethod]
    public void WindowsCpu_Container_HasItsLimits()
    {
        var calls = new Calls
        {
            Processors = [.. Core(0, 1), .. Core(0, 2), .. Core(0, 4), .. Core(0, 8)],
            Memory = Memory(total: 16L << 30, free: 12L << 30),
            // Three eighths of four processors, hard.
            Rate = [.. BitConverter.GetBytes(0x1 | 0x4), .. BitConverter.GetBytes(3750)],
            Limits = Limits(flags: 0x200, process: 1, job: 2L << 30),
        };

        var cpu = new WindowsCpu(calls, "Some CPU");

        Assert.AreEqual("Some CPU", cpu.Reading.Name);
        Assert.AreEqual(1.5, cpu.Reading.Quota);
        Assert.AreEqual(2L << 30, cpu.Reading.MemoryBytes);
        Assert.AreEqual(2L << 30, cpu.ReadFreeMemory());
        Assert.AreEqual("2 GiB", cpu.Reading.Facts.Single(fact => fact.Name == "memory limit").Value);
        Assert.AreEqual(default, cpu.ReadState());
    }

    [TestMethod]
    public void WindowsCpu_NothingAnswers_IsUnknown()
    {
        var cpu = new WindowsCpu(new Calls(), null);

        Assert.IsNull(cpu.Reading.Topology);
        Assert.IsNull(cpu.Reading.MemoryBytes);
        Assert.IsNull(cpu.Reading.Quota);
        Assert.IsNull(cpu.ReadFreeMemory());
    }

    [TestMethod]
    [DataRow(0x0u, 5000u, null, DisplayName = "off")]
    [DataRow(0x1u | 0x2u, 5u, null, DisplayName = "a weight is no cap")]
    [DataRow(0x1u, 5000u, null, DisplayName = "a soft cap yields to idle time")]
    [DataRow(0x1u | 0x4u, 5000u, 0.5, DisplayName = "hard")]
    [DataRow(0x1u | 0x10u, (7500u << 16) | 1000u, 0.75, DisplayName = "minimum and maximum")]
    public void ReadCpuShare_Control_IsTheCap(uint flags, uint rate, double? expected) =>
        Assert.AreEqual(expected, JobLimits.ReadCpuShare([.. BitConverter.GetBytes(flags), .. BitConverter.GetBytes(rate)]));

    [TestMethod]
    [DataRow(0x0u, null)]
    [DataRow(0x100u, 100L)]
    [DataRow(0x200u, 70L)]
    [DataRow(0x300u, 70L)]
    public void ReadMemoryBytes_Flags_TellWhichLimitCounts(uint flags, long? expected) =>
        Assert.AreEqual(expected, JobLimits.ReadMemoryBytes(Limits(flags, process: 100, job: 70)));

    private static byte[] Record(int relationship, byte[] body) => [.. BitConverter.GetBytes(relationship), .. BitConverter.GetBytes(body.Length + 8), .. body];

    // GroupCount, then each GROUP_AFFINITY: mask, group, three reserved words.
    private static byte[] Masks(params (ulong Mask, int Group)[] masks) =>
        [.. BitConverter.GetBytes((ushort)masks.Length), .. masks.SelectMany(m => (byte[])[.. BitConverter.GetBytes(m.Mask), .. BitConverter.GetBytes((ushort)m.Group), .. new byte[6]])];

    // PROCESSOR_RELATIONSHIP: flags, efficiency class, 20 reserved bytes.
    private static byte[] Core(int efficiency, ulong mask, int group = 0) => Record(0, [1, (byte)efficiency, .. new byte[20], .. Masks((mask, group))]);

    private static byte[] Package(ulong mask) => Package((mask, 0));

    private static byte[] Package(params (ulong, int)[] masks) => Record(3, [0, 0, .. new byte[20], .. Masks(masks)]);

    // NUMA_NODE_RELATIONSHIP: number, 18 reserved bytes.
    private static byte[] Node(int number, int group, ulong mask) => Record(1, [.. BitConverter.GetBytes(number), .. new byte[18], .. Masks((mask, group))]);

    // CACHE_RELATIONSHIP: level, associativity, line, size, type, 18 reserved bytes.
    private static byte[] Cache(byte level, int type, uint size, ulong mask) =>
        Record(2, [level, 8, .. BitConverter.GetBytes((ushort)64), .. BitConverter.GetBytes(size), .. BitConverter.GetBytes(type), .. new byte[18], .. Masks((mask, 0))]);

    private static byte[] Group() => Record(4, new byte[64]);

    private static byte[] Memory(long total, long free)
    {
        var answer = new byte[64];
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(8), total);
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(16), free);
        return answer;
    }

    private static byte[] Limits(uint flags, long process, long job)
    {
        var answer = new byte[144];
        BinaryPrimitives.WriteUInt32LittleEndian(answer.AsSpan(16), flags);
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(112), process);
        BinaryPrimitives.WriteInt64LittleEndian(answer.AsSpan(120), job);
        return answer;
    }

    private sealed class Calls : IWindowsCalls
    {
        public byte[]? Processors { get; init; }

        public byte[]? Memory { get; init; }

        public byte[]? Rate { get; init; }

        public byte[]? Limits { get; init; }

        public byte[]? GetProcessorInformation() => Processors;

        public byte[]? GetMemoryStatus() => Memory;

        public byte[]? GetJobInformation(int informationClass, int byteLength) => informationClass == JobLimits.CpuRateClass ? Rate : Limits;

        public ulong? GetAffinityMask() => null;
    }
}
