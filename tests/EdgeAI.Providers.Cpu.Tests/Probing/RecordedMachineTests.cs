using System.Diagnostics;

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
        // Thousands of entries for memory blocks and PCI devices, which the probe does not read, are left in the archive.
        using var folder = Unpack(SharedData.Require($"machines/{archive}.tar.bz2"));

        var info = CpuProbe.Read(Directory.GetDirectories(folder.Path).Single());

        Assert.AreEqual(new CpuTopology(packages, nodes, cores, performance, efficiency, logical), info.Topology);
        Assert.AreEqual(kilobytes * 1024, info.MemoryBytes);
        Assert.AreEqual(cores, info.Parallelism);
        Assert.IsEmpty(info.Features, "a recorded tree says nothing of this machine");
        if (name is not null) Assert.AreEqual(name, info.Name);
        else Assert.AreNotEqual("", info.Name);
    }

    private static TemporaryFolder Unpack(string archive)
    {
        var folder = new TemporaryFolder();
        using var tar = Process.Start(new ProcessStartInfo("tar", ["xjf", archive, "-C", folder.Path, "--exclude=*/memory[0-9]*", "--exclude=*/pci*"]) { RedirectStandardError = true })!;
        var errors = tar.StandardError.ReadToEnd();
        tar.WaitForExit();
        if (tar.ExitCode != 0)
        {
            folder.Dispose();
            Assert.Inconclusive($"tar cannot unpack {archive}: {errors}");
        }

        return folder;
    }
}
