using EdgeAI.Providers.Cuda.Libraries;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

[TestClass]
public sealed class ProviderSearchTests
{
    private const string Native = "/app/runtimes/linux-x64/native/libonnxruntime_providers_cuda.so";
    private const string Older = "/app/runtimes/linux-x64/native/libonnxruntime_providers_cuda_plugin.so";
    private const string Beside = "/app/libonnxruntime_providers_cuda.so";

    // Columns: option, variable, GPU build?, files ("!" marks plugins), expected kind, expected path or a part of the reason.
    [TestMethod]
    [DataRow("/opt/x.so", "/opt/y.so", false, "/opt/x.so! /opt/y.so! " + Native + "!", "Plugin", "/opt/x.so", DisplayName = "the option wins")]
    [DataRow(null, "/opt/y.so", false, "/opt/y.so! " + Native + "!", "Plugin", "/opt/y.so", DisplayName = "then the variable")]
    [DataRow(null, "", false, Native + "! " + Beside + "!", "Plugin", Native, DisplayName = "then the runtimes folder")]
    [DataRow(null, null, false, Older + "! " + Beside + "!", "Plugin", Older, DisplayName = "by the older name too")]
    [DataRow(null, null, false, Native + " " + Older + "!", "Plugin", Older, DisplayName = "a plugin beside the GPU build's part")]
    [DataRow(null, null, false, Beside + "!", "Plugin", Beside, DisplayName = "then the application's folder")]
    [DataRow(null, null, true, Native, "BuiltIn", Native, DisplayName = "the GPU build's own")]
    [DataRow(null, null, true, "", "BuiltIn", null, DisplayName = "the GPU build's own, wherever it is")]
    [DataRow(null, null, true, Native + " " + Older + "!", "Plugin", Older, DisplayName = "a plugin in a GPU build, by the unmistakable name")]
    [DataRow("/opt/x.so", null, true, "/opt/x.so!", "Plugin", "/opt/x.so", DisplayName = "a named plugin in a GPU build")]
    [DataRow("/opt", null, false, "/opt/libonnxruntime_providers_cuda.so!", "Plugin", "/opt/libonnxruntime_providers_cuda.so", DisplayName = "a folder")]
    [DataRow("ep/x.so", null, false, "/app/ep/x.so!", "Plugin", "/app/ep/x.so", DisplayName = "relative to the application")]
    [DataRow("/opt/x.so", null, false, Native + "!", "None", "CudaOptions.ProviderLibrary names /opt/x.so, which is not there", DisplayName = "a named file that is missing is not passed over")]
    [DataRow("/opt", null, false, "/opt/readme " + Native + "!", "None", "holds neither", DisplayName = "a folder without the library")]
    [DataRow(null, "/opt/y.so", false, "/opt/y.so", "None", "EDGEAI_CUDA_PROVIDER names /opt/y.so, which is no plugin", DisplayName = "a named file that is no plugin")]
    [DataRow(null, null, false, Native, "None", Native + " belongs to the GPU build", DisplayName = "the GPU build's part with the CPU build")]
    [DataRow(null, null, false, "", "None", "there is no CUDA execution provider", DisplayName = "nothing")]
    public void Decide_Files_GiveTheFirstThatFits(string? option, string? variable, bool hasBuiltIn, string files, string kind, string? expected)
    {
        if (OperatingSystem.IsWindows()) Assert.Inconclusive("the table's paths are those of Linux");
        var search = new ProviderSearch(option, variable, "/app", ["linux-x64"], IsWindows: false, hasBuiltIn);

        var choice = search.Decide(new RecordedFiles(files.Split(' ', StringSplitOptions.RemoveEmptyEntries)));

        Assert.AreEqual(kind, choice.Kind.ToString());
        if (choice.Kind == ProviderKind.None) Assert.Contains(expected!, choice.Reason);
        else Assert.AreEqual(expected, choice.Path);
    }

    [TestMethod]
    public void Decide_Nothing_NamesFileFoldersAndEveryWayOut()
    {
        var reason = new ProviderSearch(null, null, "/app", ["linux-x64"], IsWindows: false, HasBuiltIn: false).Decide(new RecordedFiles()).Reason;

        foreach (var part in (string[])["libonnxruntime_providers_cuda.so", "native", "CudaOptions.ProviderLibrary", "EDGEAI_CUDA_PROVIDER", "Microsoft.ML.OnnxRuntime.Gpu"]) Assert.Contains(part, reason);
    }

    [TestMethod]
    public void Decide_Windows_LooksForDlls() =>
        Assert.Contains("onnxruntime_providers_cuda.dll", new ProviderSearch(null, null, "/app", ["win-x64"], IsWindows: true, HasBuiltIn: false).Decide(new RecordedFiles()).Reason);

    [TestMethod]
    [DataRow(4)]
    [DataRow(7)]
    [DataRow(16)]
    [DataRow(1024)]
    public void Contains_TextAcrossChunks_IsFound(int chunk)
    {
        for (var before = 0; before < 40; before++)
        {
            using var stream = new MemoryStream([.. new byte[before], .. "CreateEpFactories"u8, .. new byte[9]]);
            Assert.IsTrue(FileView.Contains(stream, "CreateEpFactories"u8, chunk), $"after {before} bytes");
        }

        using var other = new MemoryStream([.. new byte[30], .. "CreateEpFactorie"u8, 0, .. "s"u8]);
        Assert.IsFalse(FileView.Contains(other, "CreateEpFactories"u8, chunk));
    }

    [TestMethod]
    public void IsPlugin_Files_AreToldApartByTheExport()
    {
        using var folder = new TemporaryFolder().With("plugin.so", "\0ReleaseEpFactory\0CreateEpFactories\0").With("part.so", "\0GetProvider\0");

        Assert.IsTrue(FileView.Instance.IsPlugin(Path.Join(folder.Path, "plugin.so")));
        Assert.IsFalse(FileView.Instance.IsPlugin(Path.Join(folder.Path, "part.so")));
        Assert.IsFalse(FileView.Instance.IsPlugin(Path.Join(folder.Path, "missing.so")));
    }
}
