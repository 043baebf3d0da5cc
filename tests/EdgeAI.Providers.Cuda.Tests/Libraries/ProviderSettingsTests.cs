using EdgeAI.Providers.Cuda.Libraries;

namespace EdgeAI.Providers.Cuda.Tests.Libraries;

[TestClass]
public sealed class ProviderSettingsTests
{
    [TestMethod]
    public void ForBuiltIn_Defaults_AreComplete() => AreEqual(
        "arena_extend_strategy=kSameAsRequested cudnn_conv_algo_search=EXHAUSTIVE device_id=0 do_copy_in_default_stream=1 prefer_nhwc=0 use_tf32=1",
        ProviderSettings.ForBuiltIn(new CudaOptions(), ordinal: 0, hasDynamicShape: false, stream: 0, capturesGraphs: false));

    [TestMethod]
    public void ForBuiltIn_EveryOption_IsMapped() => AreEqual(
        "arena_extend_strategy=kNextPowerOfTwo cudnn_conv_algo_search=HEURISTIC device_id=3 do_copy_in_default_stream=1 gpu_mem_limit=6442450944 has_user_compute_stream=1 prefer_nhwc=1 use_tf32=0 user_compute_stream=140737488355327",
        ProviderSettings.ForBuiltIn(
            new CudaOptions { MemoryLimitBytes = 6L << 30, ArenaStrategy = CudaArenaStrategy.NextPowerOfTwo, UseTf32 = false, PreferNhwc = true },
            ordinal: 3,
            hasDynamicShape: true,
            stream: unchecked((nint)0x7FFFFFFFFFFF),
            capturesGraphs: false));

    [TestMethod]
    public void ForPlugin_EveryOption_IsMapped()
    {
        var options = new CudaOptions { MemoryLimitBytes = 1 << 20, ArenaStrategy = CudaArenaStrategy.NextPowerOfTwo, UseTf32 = false, PreferNhwc = true };

        AreEqual("cudnn_conv_algo_search=HEURISTIC prefer_nhwc=1 use_tf32=0", ProviderSettings.ForPlugin(options, hasDynamicShape: true, capturesGraphs: false));
        AreEqual("arena.extend_strategy=0 arena.max_mem=1048576", ProviderSettings.ForPluginArena(options));
        AreEqual("arena.extend_strategy=1", ProviderSettings.ForPluginArena(new CudaOptions()));
    }

    [TestMethod]
    public void Both_CapturingGraphs_SayHow()
    {
        AreEqual(
            "arena_extend_strategy=kSameAsRequested cudnn_conv_algo_search=EXHAUSTIVE device_id=1 do_copy_in_default_stream=1 enable_cuda_graph=1 prefer_nhwc=0 use_tf32=1",
            ProviderSettings.ForBuiltIn(new CudaOptions(), ordinal: 1, hasDynamicShape: false, stream: 0, capturesGraphs: true));
        AreEqual(
            "arena.use_cuda_mempool=1 cudnn_conv_algo_search=EXHAUSTIVE enable_cuda_graph=1 prefer_nhwc=0 use_tf32=1",
            ProviderSettings.ForPlugin(new CudaOptions(), hasDynamicShape: false, capturesGraphs: true));
    }

    private static void AreEqual(string expected, Dictionary<string, string> settings) =>
        Assert.AreEqual(expected, string.Join(' ', settings.Order(Comparer<KeyValuePair<string, string>>.Create((a, b) => string.CompareOrdinal(a.Key, b.Key))).Select(setting => $"{setting.Key}={setting.Value}")));
}
