namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>What the driver shows.</summary>
/// <param name="Gpus">The GPUs, in the driver's order.</param>
/// <param name="Problem">Why there is none, and what to do; <see langword="null"/> where there is one.</param>
/// <param name="DriverVersions">The driver's version and the newest CUDA version that it supports; empty where unknown.</param>
internal sealed record GpuDiscovery(IReadOnlyList<Gpu> Gpus, string? Problem, string DriverVersions)
{
    public static GpuDiscovery None(string problem) => new([], problem, "");
}
