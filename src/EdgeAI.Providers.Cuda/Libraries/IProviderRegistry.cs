using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>What ONNX Runtime's environment knows of execution providers; tests replace it.</summary>
internal interface IProviderRegistry
{
    /// <summary>Why the native library cannot be used; <see langword="null"/> where it can.</summary>
    string? FindProblem();

    /// <summary>Names of the providers that the native library was built with.</summary>
    IReadOnlyList<string> BuiltIn { get; }

    /// <summary>Registers a plugin library once; a second time does nothing.</summary>
    /// <exception cref="OnnxRuntimeException">It cannot be loaded.</exception>
    void Register(string path);

    /// <summary>Has the plugin's arenas grow as the options say; all sessions on a GPU share one.</summary>
    /// <exception cref="OnnxRuntimeException">It is refused.</exception>
    void ConfigureArenas(CudaOptions options);

    /// <summary>The GPUs that registered plugins offer, by their number in the CUDA driver's order.</summary>
    IReadOnlyDictionary<int, OrtEpDevice?> GetCudaDevices();
}
