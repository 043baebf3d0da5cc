using System.Text;
using EdgeAI.Cli.Tests.Npy;

namespace EdgeAI.Cli.Tests.Commands;

[TestClass]
public sealed class RunCommandTests
{
    // 1, 2, 3 and their doubles as IEEE 754 binary32.
    private static readonly byte[] _input = [0, 0, 0x80, 0x3F, 0, 0, 0, 0x40, 0, 0, 0x40, 0x40];
    private static readonly byte[] _doubled = [0, 0, 0, 0x40, 0, 0, 0x80, 0x40, 0, 0, 0xC0, 0x40];

    [TestMethod]
    public async Task Run_Doubling_WritesTheOutputAsNumpyReadsIt()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", NpyFile.Create("<f4", "(1, 3)", _input));

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-i", $"x={input}", "-o", Path.Join(folder.Path, "new", "out"), "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        var file = folder.PathOf("new/out/out_y_0.npy");
        Assert.AreEqual("cpu:0", run.Json.GetProperty("device").GetString());
        Assert.AreEqual(1, run.Json.GetProperty("batchSize").GetInt32());
        Assert.IsGreaterThanOrEqualTo(0, run.Json.GetProperty("queuedMs").GetDouble());
        Assert.IsGreaterThan(0, run.Json.GetProperty("executedMs").GetDouble());
        Assert.AreEqual($$"""[{"name":"out/y:0","type":"float32","shape":[1,3],"file":"{{file}}"}]""", run.Json.GetProperty("outputs").GetRawText());
        CollectionAssert.AreEqual(NpyFile.Create("<f4", "(1, 3)", _doubled), await File.ReadAllBytesAsync(file));
    }

    [TestMethod]
    public async Task Run_PinnedToTheCpu_RunsThere()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", NpyFile.Create("<f4", "(1, 3)", _input));

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-i", $"x={input}", "-o", folder.PathOf("out"), "--device", "cpu:0");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.Contains("Ran on cpu:0", run.Output);
    }

    [TestMethod]
    public async Task Run_UnknownDevice_NamesTheOnesThereAre()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-o", folder.PathOf("out"), "--device", "npu:7");

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("npu:7", run.Explanation());
        Assert.Contains("cpu:0", run.Explanation());
    }

    [TestMethod]
    public async Task Run_MissingInput_NamesTheSignatureAndWritesNothing()
    {
        using var folder = new TemporaryFolder();

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-o", folder.PathOf("out"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("x float32[n,3]", run.Explanation());
        Assert.IsFalse(Directory.Exists(folder.PathOf("out")));
    }

    [TestMethod]
    public async Task Run_WrongTypeAndUnknownInput_ListsBoth()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", NpyFile.Create("<f8", "(1, 3)", new byte[24]));

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-i", $"x={input}", "-i", $"z={input}", "-o", folder.PathOf("out"));

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("float64", run.Explanation());
        Assert.Contains("'z'", run.Explanation());
    }

    [TestMethod]
    public async Task Run_DamagedInputWithJson_NamesTheFileInTheObject()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", [1, 2, 3]);

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-i", $"x={input}", "-o", folder.PathOf("out"), "--json");

        Assert.AreEqual(1, run.ExitCode);
        Assert.StartsWith(input, run.Json.GetProperty("error").GetString()!);
    }

    [TestMethod]
    public async Task Run_OutputThatIsAFile_IsExplained()
    {
        using var folder = new TemporaryFolder();
        var input = folder.Write("x.npy", NpyFile.Create("<f4", "(1, 3)", _input));

        var run = await ToolRun.RunAsync("run", TestModels.WriteDoubling(folder), "-i", $"x={input}", "-o", input);

        Assert.AreEqual(1, run.ExitCode);
        Assert.Contains("x.npy", run.Explanation());
    }

    [TestMethod]
    public async Task Run_Strings_GoThrough()
    {
        using var folder = new TemporaryFolder();
        var file = NpyFile.Create("<U2", "(2,)", Encoding.UTF32.GetBytes("äöü\0"));
        var input = folder.Write("x.npy", file);

        var run = await ToolRun.RunAsync("run", TestModels.WriteIdentity(folder, TensorElementType.String, 2), "-i", $"x={input}", "-o", folder.Path, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("string", run.Json.GetProperty("outputs")[0].GetProperty("type").GetString());
        CollectionAssert.AreEqual(file, await File.ReadAllBytesAsync(folder.PathOf("y.npy")));
    }

    [TestMethod]
    public async Task Run_BFloat16_TravelsAsItsBits()
    {
        using var folder = new TemporaryFolder();
        var file = NpyFile.Create("<u2", "(2,)", [0xC0, 0x3F, 0x80, 0x3F]);
        var input = folder.Write("x.npy", file);

        var run = await ToolRun.RunAsync("run", TestModels.WriteIdentity(folder, TensorElementType.BFloat16, 2), "-i", $"x={input}", "-o", folder.Path, "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("bfloat16", run.Json.GetProperty("outputs")[0].GetProperty("type").GetString());
        CollectionAssert.AreEqual(file, await File.ReadAllBytesAsync(folder.PathOf("y.npy")));
    }

    [TestMethod]
    public async Task Run_ScalarAndEmpty_KeepTheirShapes()
    {
        using var folder = new TemporaryFolder();
        foreach (var (shape, data, dimensions) in new (string, byte[], EdgeAI.Onnx.OnnxDimension[])[] { ("()", [1, 0, 0, 0, 0, 0, 0, 0], []), ("(3, 0)", [], [3, "n"]) })
        {
            var file = NpyFile.Create("<i8", shape, data);
            var input = folder.Write("x.npy", file);

            var run = await ToolRun.RunAsync("run", TestModels.WriteIdentity(folder, TensorElementType.Int64, dimensions), "-i", $"x={input}", "-o", folder.Path);

            Assert.AreEqual(0, run.ExitCode, run.Error);
            CollectionAssert.AreEqual(file, await File.ReadAllBytesAsync(folder.PathOf("y.npy")));
        }
    }

    [TestMethod]
    public async Task Run_Silero_TakesBigEndianAndFortranOrder()
    {
        var model = SharedData.Require("models/silero-vad/silero_vad_v5.onnx");
        using var folder = new TemporaryFolder();
        var chunk = folder.Write("input.npy", NpyFile.Create("<f4", "(2, 576)", new byte[2 * 576 * 4], isFortranOrder: true));
        var state = folder.Write("state.npy", NpyFile.Create(">f4", "(2, 2, 128)", new byte[2 * 2 * 128 * 4]));
        var rate = folder.Write("sr.npy", NpyFile.Create(">i8", "()", [0, 0, 0, 0, 0, 0, 0x3E, 0x80]));

        var run = await ToolRun.RunAsync("run", model, "-i", $"input={chunk}", $"state={state}", $"sr={rate}", "-o", folder.PathOf("out"), "--json");

        Assert.AreEqual(0, run.ExitCode, run.Error);
        Assert.AreEqual("[2,1]", run.Json.GetProperty("outputs")[0].GetProperty("shape").GetRawText());
        Assert.AreEqual("[2,2,128]", run.Json.GetProperty("outputs")[1].GetProperty("shape").GetRawText());
    }
}
