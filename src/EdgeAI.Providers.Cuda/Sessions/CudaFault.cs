namespace EdgeAI.Providers.Cuda.Sessions;

/// <summary>What an error means for the GPU.</summary>
internal enum CudaFault
{
    /// <summary>It is not about the GPU, or passes.</summary>
    None,

    /// <summary>Smaller work may still succeed.</summary>
    OutOfMemory,

    /// <summary>The process cannot use the GPU any more: every later call fails or, worse, answers with garbage.</summary>
    Lost,
}
