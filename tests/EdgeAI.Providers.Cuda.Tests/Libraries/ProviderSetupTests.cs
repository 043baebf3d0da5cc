using EdgeAI.Providers.Cuda.Libraries;
using EdgeAI.Providers.Cuda.Tests.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

[TestClass]
public sealed class ProviderSetupTests
{
    private const string Library = "/opt/plugin.so";

    [TestMethod]
    public void Prepare_NoOnnxRuntime_IsTheFirstProblem()
    {
        var setup = Prepare(new RecordedRegistry { Problem = "the native library is missing" });

        Assert.AreEqual(ProviderKind.None, setup.Kind);
        Assert.AreEqual("the native library is missing", setup.Problem);
    }

    [TestMethod]
    public void Prepare_GpuBuild_RegistersNothing()
    {
        var registry = new RecordedRegistry { BuiltIn = ["CUDAExecutionProvider", "CPUExecutionProvider"] };

        var setup = ProviderSetup.Prepare(hasBuiltIn => Search(option: null, hasBuiltIn), new RecordedFiles(), registry, new CudaOptions());

        Assert.AreEqual(ProviderKind.BuiltIn, setup.Kind);
        Assert.IsEmpty(registry.Registered);
    }

    [TestMethod]
    public void Prepare_Plugin_IsRegistered()
    {
        var registry = new RecordedRegistry { Devices = new Dictionary<int, OrtEpDevice?> { [0] = null } };

        var setup = Prepare(registry);

        Assert.AreEqual(ProviderKind.Plugin, setup.Kind);
        Assert.AreEqual(Library, setup.Library);
        CollectionAssert.AreEqual(new[] { Library, "arenas" }, registry.Registered);
        Assert.IsTrue(setup.Devices.ContainsKey(0));
    }

    [TestMethod]
    public void Prepare_PluginWithoutGpu_IsAProblem() => Assert.Contains("offers no GPU", Prepare(new RecordedRegistry()).Problem!);

    [TestMethod]
    public void Prepare_LibraryThatDoesNotLoad_IsExplainedFromOnnxRuntimesOwnWords()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("the loader's words are those of Linux");
        using var folder = new TemporaryFolder().With("libonnxruntime_providers_cuda.so", "no library, but the text CreateEpFactories");
        var path = Path.Join(folder.Path, "libonnxruntime_providers_cuda.so");

        var setup = ProviderSetup.Prepare(hasBuiltIn => Search(path, hasBuiltIn), FileView.Instance, ProviderRegistry.Instance, new CudaOptions());

        Assert.AreEqual(ProviderKind.None, setup.Kind);
        Assert.StartsWith(path, setup.Problem!);
        Assert.Contains("is damaged", setup.Problem!);
    }

    [TestMethod]
    [DataRow("libcudnn.so.9", "needs libcudnn.so.9; install cuDNN 9")]
    [DataRow("libcublasLt.so.12", "needs libcublasLt.so.12; install the CUDA 12 toolkit")]
    public void Prepare_PluginThatLacksItsOwnLibrary_NamesIt(string missing, string expected)
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("the loader's words are those of Linux");
        using var folder = new TemporaryFolder().With("needed.c", "int needed(void) { return 1; }").With("plugin.c", "int needed(void); int CreateEpFactories(void) { return needed(); }");
        var needed = Path.Join(folder.Path, missing);
        var plugin = Path.Join(folder.Path, "libonnxruntime_providers_cuda.so");
        if (CCompiler.Compile(Path.Join(folder.Path, "needed.c"), needed, $"-Wl,-soname,{missing}") is { } problem) Assert.Inconclusive($"needs a C compiler: {problem}");
        CCompiler.Compile(Path.Join(folder.Path, "plugin.c"), plugin, needed);
        File.Delete(needed);

        var setup = ProviderSetup.Prepare(hasBuiltIn => Search(folder.Path, hasBuiltIn), FileView.Instance, ProviderRegistry.Instance, new CudaOptions());

        Assert.AreEqual(ProviderKind.None, setup.Kind);
        Assert.StartsWith($"{plugin} {expected}", setup.Problem!);
    }

    [TestMethod]
    public void LoadTrial_LibraryThatLacksAnother_GivesTheNameToExplain()
    {
        if (!OperatingSystem.IsLinux()) Assert.Inconclusive("the loader's words are those of Linux");
        using var folder = new TemporaryFolder().With("needed.c", "int needed(void) { return 1; }").With("part.c", "int needed(void); int part(void) { return needed(); }");
        var needed = Path.Join(folder.Path, "libcufft.so.11");
        var part = Path.Join(folder.Path, "libonnxruntime_providers_cuda.so");
        if (CCompiler.Compile(Path.Join(folder.Path, "needed.c"), needed, "-Wl,-soname,libcufft.so.11") is { } problem) Assert.Inconclusive($"needs a C compiler: {problem}");
        CCompiler.Compile(Path.Join(folder.Path, "part.c"), part, needed);
        File.Delete(needed);

        Assert.StartsWith($"{part} needs libcufft.so.11; ", LoaderMessage.Explain(part, LoadTrial.FindProblem(part)!));
    }

    [TestMethod]
    public void ProviderRegistry_CpuBuild_HasNoCuda()
    {
        Assert.IsNull(ProviderRegistry.Instance.FindProblem());
        CollectionAssert.Contains(ProviderRegistry.Instance.BuiltIn.ToArray(), "CPUExecutionProvider");
        CollectionAssert.DoesNotContain(ProviderRegistry.Instance.BuiltIn.ToArray(), "CUDAExecutionProvider");
        Assert.IsEmpty(ProviderRegistry.Instance.GetCudaDevices());
    }

    private static ProviderSetup Prepare(RecordedRegistry registry) =>
        ProviderSetup.Prepare(hasBuiltIn => Search(Library, hasBuiltIn), new RecordedFiles(Library + "!"), registry, new CudaOptions());

    private static ProviderSearch Search(string? option, bool hasBuiltIn) => new(option, null, "/app", ["linux-x64"], IsWindows: false, hasBuiltIn);
}
