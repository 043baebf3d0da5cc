using System.Text.Json;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class DevicesCommandTests
{
    [TestMethod]
    public async Task Devices_ThisMachine_HasTheCpu()
    {
        var run = await ToolRun.RunAsync("devices", "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var cpu = run.Json.GetProperty("devices")[0];
        Assert.AreEqual("cpu:0", cpu.GetProperty("id").GetString());
        Assert.AreEqual("cpu", cpu.GetProperty("provider").GetString());
        Assert.AreEqual("cpu", cpu.GetProperty("kind").GetString());
        Assert.AreNotEqual("", cpu.GetProperty("name").GetString());
        Assert.IsGreaterThan(0, cpu.GetProperty("memoryBytes").GetInt64());
        Assert.AreEqual(JsonValueKind.Array, cpu.GetProperty("features").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, cpu.GetProperty("profile").ValueKind);
        Assert.AreEqual("healthy", cpu.GetProperty("status").GetProperty("health").GetString());
        Assert.AreEqual(JsonValueKind.Array, run.Json.GetProperty("unavailable").ValueKind);
    }

    [TestMethod]
    public async Task Devices_RecordedTree_ReportsThatCpu()
    {
        using var folder = new TemporaryFolder();
        void Write(string path, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(folder.PathOf(path))!);
            File.WriteAllText(folder.PathOf(path), text + "\n");
        }

        // Two cores of two threads.
        Write("proc/meminfo", "MemTotal:       280840 kB");
        Write("proc/cpuinfo", "model name : Recorded CPU");
        Write("sys/devices/system/cpu/online", "0-3");
        for (var processor = 0; processor < 4; processor++)
        {
            Write($"sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list", processor % 2 == 0 ? "0,2" : "1,3");
            Write($"sys/devices/system/cpu/cpu{processor}/topology/physical_package_id", "0");
        }

        var run = await ToolRun.RunAsync("devices", "--system-root", folder.Path, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var cpu = run.Json.GetProperty("devices")[0];
        Assert.AreEqual("Recorded CPU", cpu.GetProperty("name").GetString());
        Assert.AreEqual(280840L * 1024, cpu.GetProperty("memoryBytes").GetInt64());
        Assert.AreEqual(
            """{"packages":1,"numaNodes":1,"cores":2,"performanceCores":null,"efficiencyCores":null,"logicalProcessors":4}""",
            cpu.GetProperty("topology").GetRawText());
    }

    [TestMethod]
    public async Task Devices_FolderThatIsNoTree_IsExplained()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("devices", "--system-root", folder.Path);

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("'proc'", run.Explanation());
    }

    [TestMethod]
    public async Task Devices_ForPeople_ShowsATable()
    {
        var run = await ToolRun.RunAsync("devices");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("cpu:0", run.Output);
        Assert.AreEqual("", run.Error);
    }
}
