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
    public async Task Devices_ThisMachine_HasAGpuOrSaysWhyNot()
    {
        var run = await ToolRun.RunAsync("devices", "--json");

        var reasons = run.Json.GetProperty("unavailable").EnumerateArray().Where(absence => absence.GetProperty("provider").GetString() == "cuda").ToArray();
        var gpus = run.Json.GetProperty("devices").EnumerateArray().Count(device => device.GetProperty("provider").GetString() == "cuda");
        Assert.IsTrue(gpus > 0 || reasons.Length > 0, run.Output);
        foreach (var reason in reasons) Assert.AreNotEqual("", reason.GetProperty("reason").GetString());
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
        Write("sys/devices/system/node/online", "0");
        Write("sys/devices/system/node/node0/cpulist", "0-3");
        Write("sys/devices/system/node/node0/distance", "10");
        Write("sys/devices/system/node/node0/meminfo", "Node 0 MemTotal:       280840 kB");
        for (var processor = 0; processor < 4; processor++)
        {
            Write($"sys/devices/system/cpu/cpu{processor}/topology/thread_siblings_list", processor % 2 == 0 ? "0,2" : "1,3");
            Write($"sys/devices/system/cpu/cpu{processor}/topology/physical_package_id", "0");
            foreach (var (file, text) in (ReadOnlySpan<(string, string)>)[("level", "2"), ("type", "Unified"), ("size", "1280K"), ("coherency_line_size", "64"), ("shared_cpu_list", processor % 2 == 0 ? "0,2" : "1,3")])
            {
                Write($"sys/devices/system/cpu/cpu{processor}/cache/index0/{file}", text);
            }
        }

        var run = await ToolRun.RunAsync("devices", "--system-root", folder.Path, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var cpu = run.Json.GetProperty("devices")[0];
        Assert.AreEqual("Recorded CPU", cpu.GetProperty("name").GetString());
        Assert.AreEqual(280840L * 1024, cpu.GetProperty("memoryBytes").GetInt64());
        var topology = cpu.GetProperty("topology");
        StringAssert.StartsWith(topology.GetRawText(), """{"packages":1,"numaNodes":1,"cores":2,"performanceCores":null,"efficiencyCores":null,"logicalProcessors":4,"threadsPerCore":2,""");
        Assert.AreEqual("""{"level":2,"kind":"unified","sizeBytes":1310720,"lineBytes":64,"instances":2,"processors":[[0,2],[1,3]]}""", topology.GetProperty("caches")[0].GetRawText());
        Assert.AreEqual("""{"id":0,"processors":[0,1,2,3],"memoryBytes":287580160,"distances":[10]}""", topology.GetProperty("nodes")[0].GetRawText());
        var facts = cpu.GetProperty("facts").EnumerateArray().ToDictionary(fact => fact.GetProperty("name").GetString()!);
        Assert.AreEqual("2 x 1280 KiB, lines of 64 bytes", facts["l2 cache"].GetProperty("value").GetString());
        Assert.AreEqual("/sys/devices/system/cpu/cpu*/cache", facts["l2 cache"].GetProperty("source").GetString());
        Assert.AreEqual(JsonValueKind.Null, facts["power limit"].GetProperty("value").ValueKind);
        Assert.AreEqual(JsonValueKind.Null, cpu.GetProperty("status").GetProperty("isThrottled").ValueKind);
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
