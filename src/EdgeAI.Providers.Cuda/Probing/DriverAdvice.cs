using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>What is wrong with the driver and what to do, in one line.</summary>
internal static class DriverAdvice
{
    /// <summary>The environment variable by which the driver hides GPUs from a process.</summary>
    public const string VisibleDevices = "CUDA_VISIBLE_DEVICES";

    private const string ShareGpu = "in a container, start it with the GPU (--gpus all and the NVIDIA Container Toolkit)";

    public static string For(DriverFailure failure) => failure.Code switch
    {
        DriverFailure.NotLoaded => $"the NVIDIA driver is not installed ({failure.Message}); install it from the system's packages or from NVIDIA, or {ShareGpu}",
        CudaResult.NoDevice => $"there is an NVIDIA driver but no GPU that it can use ({failure.Message}); check that one is built in and powered, or {ShareGpu}",
        CudaResult.StubLibrary => $"the CUDA toolkit's stub is found before the driver's library ({failure.Message}); remove its folder (.../lib64/stubs) from the library path",
        CudaResult.SystemDriverMismatch or CudaResult.CompatNotSupportedOnDevice or CudaResult.SystemNotReady => $"the NVIDIA driver cannot start ({failure.Message})",
        CudaResult.NotFound => $"the NVIDIA driver is too old ({failure.Message}); install one for CUDA {CudaProbe.Format(CudaProbe.MinCudaVersion)} or later",
        _ => $"the NVIDIA driver cannot start ({failure.Message}); run nvidia-smi to see whether the driver works, and look at the kernel's log (dmesg)",
    };

    public static string TooOld(int version, string versions) =>
        $"the NVIDIA driver is too old ({(versions.Length > 0 ? versions : CudaProbe.Format(version))}); install one for CUDA {CudaProbe.Format(CudaProbe.MinCudaVersion)} or later";

    public static string NoDevice(string? visibleDevices) => visibleDevices is null
        ? $"the NVIDIA driver shows no GPU; {ShareGpu}"
        : $"{VisibleDevices} is '{visibleDevices}', which hides every GPU; remove it or name one";
}
