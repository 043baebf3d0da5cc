using System.Globalization;
using EdgeAI.Providers.Cuda.Interop;

namespace EdgeAI.Providers.Cuda.Probing;

/// <summary>Finds the GPUs that this process may use. No context is created, so that looking costs no GPU memory.</summary>
internal sealed class CudaProbe(SystemFiles files, Func<string, string?> environment)
{
    // ONNX Runtime's CUDA builds are for CUDA 12 or later since version 1.19; a driver runs all toolkits of its own major version and older ones.
    public const int MinCudaVersion = 12_000;

    /// <summary>Looks through the real libraries.</summary>
    /// <param name="folder">The only folder to look in for them; <see langword="null"/>: where the system looks.</param>
    public GpuDiscovery Read(string? folder)
    {
        var driver = CudaDriver.TryLoad(folder, out var failure);
        return driver is null ? GpuDiscovery.None(DriverAdvice.For(failure!)) : Read(driver, Nvml.TryLoad(folder, out _));
    }

    /// <summary>Looks through any libraries.</summary>
    /// <param name="driver">The driver, initialized.</param>
    /// <param name="nvml">NVML, initialized; <see langword="null"/> where it is missing, which leaves temperatures, power and link unknown.</param>
    public GpuDiscovery Read(ICudaDriver driver, INvml? nvml)
    {
        var cuda = driver.GetVersion().OrNull();
        var versions = Describe(nvml?.GetDriverVersion().TextOrNull(), cuda);
        if (cuda is { } version and < MinCudaVersion) return GpuDiscovery.None(DriverAdvice.TooOld(version, versions));

        var count = driver.GetDeviceCount();
        if (!count.IsOk) return GpuDiscovery.None(DriverAdvice.For(new DriverFailure(count.Code, $"cuDeviceGetCount: {CudaResult.Describe(count.Code)}")));
        if (count.Value == 0) return GpuDiscovery.None(DriverAdvice.NoDevice(environment(DriverAdvice.VisibleDevices)));

        var directory = nvml is null ? null : new NvmlDirectory(nvml);
        var gpus = new List<Gpu>();
        for (var ordinal = 0; ordinal < count.Value; ordinal++)
        {
            if (driver.GetDevice(ordinal) is { IsOk: true, Value: var device }) gpus.Add(new Gpu(driver, ordinal, device, nvml, directory, files));
        }

        return gpus.Count > 0 ? new GpuDiscovery(gpus, null, versions) : GpuDiscovery.None("the NVIDIA driver counts GPUs but opens none; look at the kernel's log (dmesg) for Xid errors");
    }

    private static string Describe(string? driver, int? cuda)
    {
        var parts = new List<string>();
        if (driver is not null) parts.Add($"driver {driver}");
        if (cuda is { } version) parts.Add($"CUDA {Format(version)}");
        return string.Join(", ", parts);
    }

    internal static string Format(int version) => string.Create(CultureInfo.InvariantCulture, $"{version / 1000}.{version % 1000 / 10}");
}
