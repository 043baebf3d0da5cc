namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>What the execution provider calls itself: the plugin was renamed to the name of the built-in one (ONNX Runtime pull request 29544).</summary>
internal static class CudaProviderNames
{
    public const string Current = "CUDAExecutionProvider";

    private const string OlderPlugin = "CudaPluginExecutionProvider";

    public static bool Contains(string name) => name is Current or OlderPlugin;
}
