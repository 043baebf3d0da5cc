using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Memory;

/// <summary>How a GPU that shares the system's memory uses host memory where it lies.</summary>
/// <param name="Blocks">How blocks are allocated for that.</param>
/// <param name="IncludesAny">Whether it also uses memory that nobody allocated for it, such as arrays of the application.</param>
internal sealed record InPlaceAccess(BlockKind Blocks, bool IncludesAny)
{
    /// <summary>Judges by the driver's attributes; <see langword="null"/> where the GPU has memory of its own, or can use none in place.</summary>
    /// <param name="isUnified">Whether GPU and host share their memory.</param>
    /// <param name="attribute">An attribute; <see langword="null"/> where unknown.</param>
    public static InPlaceAccess? Judge(bool? isUnified, Func<CudaAttribute, int?> attribute)
    {
        if (isUnified != true) return null;

        // CUDA C programming guide, unified memory: coherent access to all of the process's memory by the host's own page tables.
        var includesAny = Has(CudaAttribute.PageableMemoryAccess) && Has(CudaAttribute.PageableMemoryAccessUsesHostPageTables);
        if (Has(CudaAttribute.CanMapHostMemory)) return new(BlockKind.Host, includesAny);

        // Without concurrent access the host must not touch managed memory while any kernel runs: other lanes' kernels do.
        return Has(CudaAttribute.ManagedMemory) && Has(CudaAttribute.ConcurrentManagedAccess) ? new(BlockKind.Managed, includesAny) : null;

        bool Has(CudaAttribute wanted) => attribute(wanted) > 0;
    }

    /// <summary>As <c>edgeai devices</c> shows it.</summary>
    public override string ToString() => (Blocks == BlockKind.Host ? "page-locked and mapped" : "managed") + (IncludesAny ? ", and any that is aligned" : "");
}
