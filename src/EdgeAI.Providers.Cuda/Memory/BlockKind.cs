namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>How the driver allocates a block, and who can reach it.</summary>
internal enum BlockKind
{
    /// <summary>Page-locked host memory that the GPU can map (<c>cuMemHostAlloc</c>).</summary>
    Host,

    /// <summary>Memory that the driver moves to whoever uses it (<c>cuMemAllocManaged</c>).</summary>
    Managed,

    /// <summary>The GPU's own (<c>cuMemAlloc</c>): the host cannot reach it.</summary>
    Device,
}
