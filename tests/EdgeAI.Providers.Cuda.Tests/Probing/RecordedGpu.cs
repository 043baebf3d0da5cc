using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Tests.Probing;

/// <summary>What one GPU answers; 3 in NVML and 801 in the driver, "not supported", where nothing is said.</summary>
internal sealed class RecordedGpu
{
    public string Name { get; init; } = "Recorded GPU";

    public Guid Uuid { get; init; } = Guid.NewGuid();

    public string Address { get; init; } = "0000:01:00.0";

    public long TotalMemory { get; init; } = 8L << 30;

    public Dictionary<CudaAttribute, int> Attributes { get; init; } = new() { [CudaAttribute.ComputeCapabilityMajor] = 8, [CudaAttribute.ComputeCapabilityMinor] = 6, [CudaAttribute.Integrated] = 0, [CudaAttribute.StreamPriorities] = 1 };

    public Answer<NvmlMemory> Memory { get; set; } = Answer<NvmlMemory>.Failed(NvmlResult.NotSupported);

    /// <summary>The slices that it is divided into, as NVML shows them.</summary>
    public List<RecordedSlice> Slices { get; } = [];

    public Dictionary<NvmlNumber, uint> Numbers { get; } = [];

    public Answer<int> Temperature { get; set; } = Answer<int>.Failed(NvmlResult.NotSupported);

    public Answer<uint> Slowdown { get; set; } = Answer<uint>.Failed(NvmlResult.NotSupported);

    public Answer<ulong> Reasons { get; set; } = Answer<ulong>.Failed(NvmlResult.NotSupported);

    public Answer<uint> Clock { get; set; } = Answer<uint>.Failed(NvmlResult.NotSupported);
}
