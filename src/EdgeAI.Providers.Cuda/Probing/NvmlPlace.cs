namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>NVML's handles for what the driver shows as one GPU.</summary>
/// <param name="Device">For temperature, power, clocks and link: the GPU, also where the driver shows a slice of it.</param>
/// <param name="Memory">For memory: the GPU, or the slice; <see langword="null"/> where NVML does not tell that of the slice.</param>
internal sealed record NvmlPlace(nint Device, nint? Memory);
