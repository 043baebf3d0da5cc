namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>How ONNX Runtime gets its CUDA execution provider.</summary>
internal enum ProviderKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>A library that is registered at run time.</summary>
    Plugin,

    /// <summary>A part of the GPU build, which the application brought.</summary>
    BuiltIn,
}
