using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>An execution provider that is ready for sessions, or the reason why there is none.</summary>
/// <param name="Kind">How it comes.</param>
/// <param name="Library">The plugin's file, or that of the GPU build's own part where it is known; <see langword="null"/> otherwise.</param>
/// <param name="Devices">A plugin's GPUs by their number in the CUDA driver's order; empty for others.</param>
/// <param name="Problem">Why there is none, and what to do; <see langword="null"/> otherwise.</param>
internal sealed record ProviderSetup(ProviderKind Kind, string? Library, IReadOnlyDictionary<int, OrtEpDevice?> Devices, string? Problem)
{
    private static readonly IReadOnlyDictionary<int, OrtEpDevice?> _none = new Dictionary<int, OrtEpDevice?>();

    /// <summary>Finds and registers the provider.</summary>
    /// <param name="search">Where to look, given whether ONNX Runtime brings the provider itself.</param>
    /// <param name="files">The file system.</param>
    /// <param name="registry">ONNX Runtime.</param>
    /// <param name="options">How memory is to be taken.</param>
    public static ProviderSetup Prepare(Func<bool, ProviderSearch> search, IFileView files, IProviderRegistry registry, CudaOptions options)
    {
        if (registry.FindProblem() is { } problem) return Failed(problem);
        var choice = search(registry.BuiltIn.Contains(CudaProviderNames.Current)).Decide(files);
        switch (choice.Kind)
        {
            case ProviderKind.BuiltIn: return new(ProviderKind.BuiltIn, choice.Path, _none, null);
            case ProviderKind.None: return Failed(choice.Reason);
        }

        try
        {
            registry.Register(choice.Path!);
            registry.ConfigureArenas(options);
        }
        catch (OnnxRuntimeException e)
        {
            return Failed(LoaderMessage.Explain(choice.Path!, e.Message));
        }

        var devices = registry.GetCudaDevices();
        return devices.Count > 0
            ? new(ProviderKind.Plugin, choice.Path, devices, null)
            : Failed($"{choice.Path} was registered with ONNX Runtime but offers no GPU; ONNX Runtime's log tells more (category EdgeAI.OnnxRuntime)");
    }

    private static ProviderSetup Failed(string problem) => new(ProviderKind.None, null, _none, problem);
}
