using System.Globalization;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>Our options in the execution provider's own keys and values. Pure.</summary>
internal static class ProviderSettings
{
    /// <summary>For the provider inside a GPU build (cuda_execution_provider_info.cc).</summary>
    /// <param name="options">Ours.</param>
    /// <param name="ordinal">The GPU, in the CUDA driver's order.</param>
    /// <param name="hasDynamicShape">Whether runs may have different shapes.</param>
    /// <param name="stream">A stream of our own; 0 for the provider's.</param>
    /// <param name="capturesGraphs">Whether runs are captured.</param>
    public static Dictionary<string, string> ForBuiltIn(CudaOptions options, int ordinal, bool hasDynamicShape, nint stream, bool capturesGraphs)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["device_id"] = Text(ordinal),
            ["arena_extend_strategy"] = options.ArenaStrategy == CudaArenaStrategy.SameAsRequested ? "kSameAsRequested" : "kNextPowerOfTwo",

            // Copies on another stream can overtake the kernels that they feed (ONNX Runtime issue 4829).
            ["do_copy_in_default_stream"] = "1",
        };
        AddCommon(settings, options, hasDynamicShape, capturesGraphs);
        if (options.MemoryLimitBytes is { } limit) settings["gpu_mem_limit"] = Text(limit);
        if (stream == 0) return settings;
        settings["has_user_compute_stream"] = "1";
        settings["user_compute_stream"] = Text(stream);
        return settings;
    }

    /// <summary>For a plugin (cuda_ep_factory.cc). The GPU is told by the device that it offers, the arena by <see cref="ForPluginArena"/>.</summary>
    /// <param name="options">Ours.</param>
    /// <param name="hasDynamicShape">Whether runs may have different shapes.</param>
    /// <param name="capturesGraphs">Whether runs are captured.</param>
    public static Dictionary<string, string> ForPlugin(CudaOptions options, bool hasDynamicShape, bool capturesGraphs)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal);
        AddCommon(settings, options, hasDynamicShape, capturesGraphs);

        // The plugin's arena is shared by all sessions on a GPU: what a graph computes in between lies where other sessions have their tensors when it is
        // replayed. Memory from CUDA's pool belongs to the graph itself.
        if (capturesGraphs) settings["arena.use_cuda_mempool"] = "1";
        return settings;
    }

    /// <summary>For a plugin's arena, which all sessions on the GPU share.</summary>
    public static Dictionary<string, string> ForPluginArena(CudaOptions options)
    {
        var settings = new Dictionary<string, string>(StringComparer.Ordinal) { ["arena.extend_strategy"] = options.ArenaStrategy == CudaArenaStrategy.SameAsRequested ? "1" : "0" };
        if (options.MemoryLimitBytes is { } limit) settings["arena.max_mem"] = Text(limit);
        return settings;
    }

    private static void AddCommon(Dictionary<string, string> settings, CudaOptions options, bool hasDynamicShape, bool capturesGraphs)
    {
        if (capturesGraphs) settings["enable_cuda_graph"] = "1";
        settings["use_tf32"] = Flag(options.UseTf32);
        settings["prefer_nhwc"] = Flag(options.PreferNhwc);

        // The exhaustive search runs every algorithm again for each new shape.
        settings["cudnn_conv_algo_search"] = hasDynamicShape ? "HEURISTIC" : "EXHAUSTIVE";
    }

    private static string Flag(bool value) => value ? "1" : "0";

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
