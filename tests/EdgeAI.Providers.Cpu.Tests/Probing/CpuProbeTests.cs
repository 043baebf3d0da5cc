using EdgeAI.Providers.Cpu.Probing;
using EdgeAI.Providers.Cpu.Probing.Linux;

namespace EdgeAI.Providers.Cpu.Tests.Probing;

/// <summary>Trees of our own: limits of containers, and files that are missing or broken.</summary>
[TestClass]
public sealed class CpuProbeTests
{
    private const string UnifiedMount = "cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n";

    [TestMethod]
    [DataRow("150000 100000", 1)]
    [DataRow("50000 100000", 1)]
    [DataRow("299999 100000", 2)]
    [DataRow("300000 100000", 3)]
    [DataRow("1 1000000", 1)]
    [DataRow("900000 100000", 4)]
    [DataRow("max 100000", 4)]
    [DataRow("garbage", 4)]
    [DataRow("", 4)]
    public void Read_QuotaVersion2_IsRoundedDownToAtLeastOne(string max, int expected)
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/app\n").With("sys/fs/cgroup/app/cpu.max", max + "\n");

        Assert.AreEqual(expected, CpuProbe.Read(tree.Path).Parallelism);
    }

    [TestMethod]
    public void Read_NestedQuotas_TightestCounts()
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/pod/app\n")
            .With("sys/fs/cgroup/pod/app/cpu.max", "max 100000").With("sys/fs/cgroup/pod/cpu.max", "250000 100000").With("sys/fs/cgroup/cpu.max", "350000 100000");

        Assert.AreEqual(2, CpuProbe.Read(tree.Path).Parallelism);
    }

    [TestMethod]
    public void Read_PathOfAnotherNamespace_MountPointCounts()
    {
        foreach (var path in (string[])["/docker/0123456789ab", "/../../other"])
        {
            using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", $"0::{path}\n")
                .With("sys/fs/cgroup/cpu.max", "200000 100000").With("sys/fs/cgroup/memory.max", "1048576");
            var info = CpuProbe.Read(tree.Path);

            Assert.AreEqual(2, info.Parallelism);
            Assert.AreEqual(1048576, info.MemoryBytes);
        }
    }

    [TestMethod]
    [DataRow("150000", 1)]
    [DataRow("-1", 4)]
    public void Read_QuotaVersion1_IsRead(string quota, int expected)
    {
        using var tree = FourCores().With("proc/mounts", "cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,cpu,cpuacct 0 0\n").With("proc/self/cgroup", "4:cpu,cpuacct:/app\n")
            .With("sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_quota_us", quota).With("sys/fs/cgroup/cpu,cpuacct/app/cpu.cfs_period_us", "100000");

        Assert.AreEqual(expected, CpuProbe.Read(tree.Path).Parallelism);
    }

    [TestMethod]
    public void Read_MemoryLimits_TightestOfAllAncestorsCaps()
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/a/b/c\n")
            .With("sys/fs/cgroup/a/b/c/memory.max", "max").With("sys/fs/cgroup/a/b/memory.max", "536870912").With("sys/fs/cgroup/a/memory.max", "1073741824");

        Assert.AreEqual(512L << 20, CpuProbe.Read(tree.Path).MemoryBytes);
    }

    [TestMethod]
    public void Read_MemoryLimitVersion1_Caps()
    {
        using var tree = FourCores().With("proc/mounts", "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n").With("proc/self/cgroup", "8:memory:/app\n")
            .With("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712").With("sys/fs/cgroup/memory/app/memory.limit_in_bytes", "268435456");

        Assert.AreEqual(256L << 20, CpuProbe.Read(tree.Path).MemoryBytes);
    }

    [TestMethod]
    public void Read_LimitAboveMemory_MemoryCounts()
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/\n").With("sys/fs/cgroup/memory.max", "1099511627776");

        Assert.AreEqual(8L << 30, CpuProbe.Read(tree.Path).MemoryBytes);
    }

    [TestMethod]
    public void Read_AffinityMask_OnlyItsCoresCount()
    {
        using var tree = FourCores().With("proc/self/status", "Name:\tapp\nCpus_allowed:\t3\nCpus_allowed_list:\t0-2\n");
        var info = CpuProbe.Read(tree.Path);

        Assert.AreEqual(3, info.Topology!.LogicalProcessors);
        Assert.AreEqual(2, info.Topology.Cores);
        Assert.AreEqual(2, info.Parallelism);
    }

    [TestMethod]
    public void Read_CpusetVersion2_EffectiveListOfNearestGroupCounts()
    {
        // The controller is not enabled in the process's own group, only above it.
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/slice/app\n")
            .With("sys/fs/cgroup/slice/app/cgroup.procs", "1").With("sys/fs/cgroup/slice/cpuset.cpus.effective", "4-7\n").With("sys/fs/cgroup/cpuset.cpus.effective", "0-7\n");

        Assert.AreEqual(4, CpuProbe.Read(tree.Path).Topology!.LogicalProcessors);
        Assert.AreEqual(2, CpuProbe.Read(tree.Path).Parallelism);
    }

    [TestMethod]
    public void Read_IntelHybridFolders_TellKinds()
    {
        using var tree = FourCores().With("sys/devices/cpu_core/cpus", "0-3").With("sys/devices/cpu_atom/cpus", "4-7");
        var topology = CpuProbe.Read(tree.Path).Topology!;

        Assert.AreEqual(2, topology.PerformanceCores);
        Assert.AreEqual(2, topology.EfficiencyCores);
    }

    [TestMethod]
    public void Read_ArmDesignsInCpuInfoOnly_TellKinds()
    {
        using var tree = new TemporaryFolder().With("sys/devices/system/cpu/online", "0-3");
        var text = "";
        for (var cpu = 0; cpu < 4; cpu++)
        {
            tree.With($"sys/devices/system/cpu/cpu{cpu}/cpu_capacity", cpu < 3 ? "400" : "1024");
            text += $"processor\t: {cpu}\nCPU implementer\t: 0x41\nCPU part\t: {(cpu < 3 ? "0xd05" : "0xd0d")}\n\n";
        }

        var topology = CpuProbe.Read(tree.With("proc/cpuinfo", text).Path).Topology!;

        Assert.AreEqual(1, topology.PerformanceCores);
        Assert.AreEqual(3, topology.EfficiencyCores);
    }

    [TestMethod]
    public void Read_LikeCoresOfDifferentTurbo_AreNoKinds()
    {
        using var tree = FourCores();
        for (var cpu = 0; cpu < 8; cpu++) tree.With($"sys/devices/system/cpu/cpu{cpu}/cpufreq/cpuinfo_max_freq", cpu < 2 ? "5200000" : "5000000").With($"sys/devices/system/cpu/cpu{cpu}/cpufreq/base_frequency", "2000000");
        var topology = CpuProbe.Read(tree.Path).Topology!;

        Assert.IsNull(topology.PerformanceCores);
        Assert.IsNull(topology.EfficiencyCores);
    }

    [TestMethod]
    public void Read_ContainerLimits_AreFactsWithTheirFractions()
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/app\n").With("proc/self/status", "Cpus_allowed_list:\t0-5\n")
            .With("sys/fs/cgroup/app/cpu.max", "150000 100000").With("sys/fs/cgroup/app/memory.max", "536870912").With("sys/fs/cgroup/app/cpuset.cpus.effective", "0-3\n");
        var info = CpuProbe.Read(tree.Path);

        Assert.AreEqual("1.5", Fact(info, "processor quota"));
        Assert.AreEqual("512 MiB", Fact(info, "memory limit"));
        Assert.AreEqual("0-3", Fact(info, "cpuset"));
        Assert.AreEqual("0-5", Fact(info, "affinity"));
        Assert.AreEqual("0-3", Fact(info, "usable processors"));
        Assert.AreEqual("2", Fact(info, "threads per core"));
    }

    [TestMethod]
    public void Read_NoContainer_LimitsAreUnknown()
    {
        using var tree = FourCores().With("proc/mounts", "cgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n").With("proc/self/cgroup", "8:memory:/\n")
            .With("sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712");
        var info = CpuProbe.Read(tree.Path);

        Assert.IsNull(Fact(info, "processor quota"));
        Assert.IsNull(Fact(info, "memory limit"), "version 1 writes a number near the largest for no limit");
        Assert.IsNull(Fact(info, "cpuset"));
    }

    [TestMethod]
    public void Read_Caches_AreThoseOfUsableProcessors()
    {
        using var tree = FourCores().With("proc/self/status", "Cpus_allowed_list:\t0-3\n");
        for (var cpu = 0; cpu < 8; cpu++)
        {
            WithCache(tree, cpu, 0, "1", "Data", "48K", $"{cpu / 2 * 2}-{cpu / 2 * 2 + 1}");
            WithCache(tree, cpu, 1, "3", "Unified", "24576K", "0-7");
        }

        var info = CpuProbe.Read(tree.Path);

        var (first, last) = (info.Topology!.Caches[0], info.Topology.Caches[1]);
        Assert.AreEqual((1, CpuCacheKind.Data, 48L << 10, 64, 2), (first.Level, first.Kind, first.SizeBytes, first.LineBytes, first.Instances.Count));
        CollectionAssert.AreEqual(new[] { 2, 3 }, first.Instances[1].ToArray());
        Assert.AreEqual((3, CpuCacheKind.Unified, 24L << 20, 1), (last.Level, last.Kind, last.SizeBytes, last.Instances.Count));
        CollectionAssert.AreEqual(new[] { 0, 1, 2, 3 }, last.Instances[0].ToArray());
        Assert.AreEqual("2 x 48 KiB, lines of 64 bytes", Fact(info, "l1d cache"));
        Assert.AreEqual("1 x 24 MiB, lines of 64 bytes, shared by 0-3", Fact(info, "l3 cache"));
    }

    [TestMethod]
    public void Read_EmptyTree_EverythingIsUnknown()
    {
        using var tree = new TemporaryFolder();
        var info = CpuProbe.Read(tree.Path);

        Assert.AreEqual("cpu:0", info.Id);
        Assert.IsNull(info.Topology);
        Assert.IsNull(info.MemoryBytes);
        Assert.IsNull(info.Parallelism);
    }

    [TestMethod]
    public void Read_NoSuchFolder_EverythingIsUnknown() => Assert.IsNull(CpuProbe.Read("/no/such/folder").Topology);

    [TestMethod]
    public void Read_BrokenFiles_NeverThrows()
    {
        foreach (var text in (string[])["", "\0\0", "x", "-", "3-1", "0-99999999999", "1,,2", ":", "a:b:c\n::\n", "0-65535,70000", "\ud83d\ude00"])
        {
            using var tree = new TemporaryFolder();
            foreach (var path in (string[])["proc/mounts", "proc/self/cgroup", "proc/self/cpuset", "proc/self/status", "proc/meminfo", "proc/cpuinfo",
                "sys/devices/system/cpu/online", "sys/devices/system/cpu/cpu0/topology/thread_siblings_list", "sys/devices/system/cpu/cpu0/topology/physical_package_id",
                "sys/devices/system/cpu/cpu0/cache/index0/level", "sys/devices/system/cpu/cpu0/cache/index0/type", "sys/devices/system/cpu/cpu0/cache/index0/size", "sys/devices/system/node/node0/distance",
                "sys/class/hwmon/hwmon0/name", "sys/class/hwmon/hwmon0/temp1_input", "sys/class/powercap/intel-rapl:0/energy_uj", "sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", "proc/stat",
                "sys/devices/system/node/online", "sys/devices/system/node/node0/cpulist", "sys/devices/system/node/node0/meminfo", "sys/devices/cpu_core/cpus", "sys/devices/cpu_atom/cpus"])
            {
                tree.With(path, text);
            }

            var facts = new CpuFacts(new SystemTree(tree.Path));
            Assert.AreEqual("cpu:0", facts.Info.Id);
            Assert.IsNull(facts.ReadState().TemperatureCelsius);
        }
    }

    [TestMethod]
    public void Read_ThisMachine_AgreesWithTheKernelAndDotNet()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("reads /proc");
        var info = CpuProbe.Read("/");

        Assert.IsLessThanOrEqualTo(Environment.ProcessorCount, info.Parallelism!.Value, ".NET counts logical processors and rounds a quota up");
        Assert.IsGreaterThanOrEqualTo(1, info.Parallelism.Value);
        Assert.IsGreaterThan(0, info.MemoryBytes!.Value);
        var flags = File.ReadAllText("/proc/cpuinfo");
        foreach (var feature in info.Features) StringAssert.Contains(flags, feature);
        Assert.AreEqual(System.Runtime.Intrinsics.X86.Avx2.IsSupported, info.Features.Contains("avx2"));
        Assert.AreEqual(System.Runtime.Intrinsics.X86.Avx512F.IsSupported, info.Features.Contains("avx512f"));
    }

    [TestMethod]
    public void ReadFreeMemory_GroupNearItsLimit_DroppableCacheIsFree()
    {
        using var tree = FourCores().With("proc/mounts", UnifiedMount).With("proc/self/cgroup", "0::/app\n")
            .With("sys/fs/cgroup/app/memory.max", "1000000").With("sys/fs/cgroup/app/memory.current", "900000").With("sys/fs/cgroup/app/memory.stat", "anon 500000\ninactive_file 300000\n");

        Assert.AreEqual(400_000, new CpuFacts(new SystemTree(tree.Path)).ReadFreeMemory());
    }

    [TestMethod]
    public void ReadFreeMemory_NoGroup_IsWhatTheKernelSays()
    {
        using var tree = FourCores();

        Assert.AreEqual(6L << 30, new CpuFacts(new SystemTree(tree.Path)).ReadFreeMemory());
    }

    private static string? Fact(DeviceInfo info, string name) => info.Facts.Single(fact => fact.Name == name).Value;

    private static void WithCache(TemporaryFolder tree, int cpu, int index, string level, string type, string size, string sharing)
    {
        var folder = $"sys/devices/system/cpu/cpu{cpu}/cache/index{index}";
        tree.With($"{folder}/level", level).With($"{folder}/type", type).With($"{folder}/size", size).With($"{folder}/coherency_line_size", "64").With($"{folder}/shared_cpu_list", sharing);
    }

    // Four cores of two threads, 8 GiB, 6 free.
    private static TemporaryFolder FourCores()
    {
        var tree = new TemporaryFolder().With("sys/devices/system/cpu/online", "0-7\n").With("proc/meminfo", "MemTotal:        8388608 kB\nMemFree:  1 kB\nMemAvailable:    6291456 kB\n");
        for (var cpu = 0; cpu < 8; cpu++)
        {
            tree.With($"sys/devices/system/cpu/cpu{cpu}/topology/thread_siblings_list", $"{cpu / 2 * 2}-{cpu / 2 * 2 + 1}\n")
                .With($"sys/devices/system/cpu/cpu{cpu}/topology/physical_package_id", "0\n");
        }

        return tree;
    }
}
