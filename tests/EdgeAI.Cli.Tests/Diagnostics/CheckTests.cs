using System.Runtime.InteropServices;
using EdgeAI.Cli.Diagnostics;
using EdgeAI.OnnxRuntime;

namespace EdgeAI.Cli.Tests.Diagnostics;

[TestClass]
public sealed class CheckTests
{
    private static readonly DeviceInfo _cpu = new("cpu:0", "cpu", DeviceKind.Cpu, "Some CPU") { MemoryBytes = 8L << 30, Parallelism = 2, Features = ["avx2"], Topology = new CpuTopology(1, 1, 4, null, null, 8) };

    [TestMethod]
    public void RuntimeCheck_OldRuntime_SaysWhatToInstall()
    {
        var check = RuntimeCheck.Judge(new Version(9, 0, 1), ".NET 9.0.1");

        Assert.IsFalse(check.Ok);
        Assert.Contains(".NET 10", check.Fix!);
        Assert.IsTrue(RuntimeCheck.Judge(new Version(11, 0), ".NET 11").Ok);
    }

    [TestMethod]
    public void NativeLibraryCheck_NoLibrary_IsOneFailure()
    {
        var checks = NativeLibraryCheck.Judge(new OnnxRuntimeLibraryCheck(false, null, "1.31.1", "not found", "install it"));

        Assert.HasCount(1, checks);
        Assert.IsFalse(checks[0].Ok);
        Assert.AreEqual("install it", checks[0].Fix);
    }

    [TestMethod]
    public void NativeLibraryCheck_OtherVersion_FailsTheVersionAlone()
    {
        var checks = NativeLibraryCheck.Judge(new OnnxRuntimeLibraryCheck(false, "1.20.0", "1.31.1", "another version", "update it"));

        Assert.IsTrue(checks[0].Ok);
        Assert.IsFalse(checks[1].Ok);
        Assert.AreEqual("update it", checks[1].Fix);
    }

    [TestMethod]
    public void HardwareCheck_NoAvx2_FailsOnX64Alone()
    {
        var cpu = _cpu with { Features = ["sse4_2"] };

        Assert.IsFalse(HardwareCheck.Judge(cpu, Architecture.X64, 8)[0].Ok);
        Assert.IsTrue(HardwareCheck.Judge(cpu, Architecture.Arm64, 8)[0].Ok);
        Assert.IsTrue(HardwareCheck.Judge(_cpu with { Features = [] }, Architecture.X64, 8)[0].Ok);
    }

    [TestMethod]
    public void CudaCheck_NoHardware_IsInOrderAndSaysHowToGetIt()
    {
        var check = CudaCheck.Judge([], ["the NVIDIA driver is not installed (x); install it; in a container, pass it"], hasHardware: false).Single();

        Assert.IsTrue(check.Ok);
        Assert.AreEqual("no NVIDIA GPU is used: the NVIDIA driver is not installed (x)", check.Message);
        Assert.AreEqual("install it; in a container, pass it", check.Fix);
    }

    [TestMethod]
    public void CudaCheck_HardwareThatCannotBeUsed_Fails()
    {
        Assert.IsFalse(CudaCheck.Judge([], ["the NVIDIA driver is not installed; install it"], hasHardware: true).Single().Ok);

        var checks = CudaCheck.Judge([_cpu with { Id = "cuda:0", Name = "Some GPU", Versions = "driver 1" }], ["cuda:1 is prohibited; allow it"], hasHardware: false);
        Assert.AreEqual("cuda:0 is Some GPU (driver 1)", checks[0].Message);
        Assert.IsTrue(checks[0].Ok);
        Assert.IsFalse(checks[1].Ok);
    }

    [TestMethod]
    [DataRow("0x10de", "0x030000", true)]
    [DataRow("0x10de", "0x030200", true)]
    [DataRow("0x10de", "0x040300", false, DisplayName = "its sound")]
    [DataRow("0x8086", "0x030000", false)]
    public void NvidiaHardware_Device_IsAGpuByVendorAndClass(string vendor, string kind, bool expected)
    {
        using var folder = new TemporaryFolder();
        Assert.IsFalse(NvidiaHardware.IsPresent(folder.Path), "no list");
        Directory.CreateDirectory(folder.PathOf("sys/bus/pci/devices/0000:01:00.0"));
        Assert.IsFalse(NvidiaHardware.IsPresent(folder.Path));
        File.WriteAllText(folder.PathOf("sys/bus/pci/devices/0000:01:00.0/vendor"), vendor + "\n");
        File.WriteAllText(folder.PathOf("sys/bus/pci/devices/0000:01:00.0/class"), kind + "\n");

        Assert.AreEqual(expected, NvidiaHardware.IsPresent(folder.Path));
    }

    [TestMethod]
    public void HardwareCheck_Quota_IsNamed() =>
        Assert.Contains("limited to 2 by the container's quota", HardwareCheck.Judge(_cpu, Architecture.X64, 8)[1].Message);

    [TestMethod]
    public void HardwareCheck_LittleMemory_Fails()
    {
        Assert.IsTrue(HardwareCheck.Judge(_cpu, Architecture.X64, 8)[2].Ok);
        Assert.IsFalse(HardwareCheck.Judge(_cpu with { MemoryBytes = 100L << 20 }, Architecture.X64, 8)[2].Ok);
        Assert.IsTrue(HardwareCheck.Judge(_cpu with { MemoryBytes = null }, Architecture.X64, 8)[2].Ok);
    }
}
