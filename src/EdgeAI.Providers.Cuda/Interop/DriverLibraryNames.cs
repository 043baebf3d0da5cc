namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>
/// Where the driver's libraries are. All come with the NVIDIA driver, never with the CUDA toolkit. On Windows the system's folder comes first, so that a file of the
/// same name beside the application is not taken for the driver; on Linux the loader's own search, then the places of WSL and NixOS, which it may not know.
/// </summary>
internal static class DriverLibraryNames
{
    /// <summary>The CUDA driver API.</summary>
    /// <param name="folder">The only folder to look in; <see langword="null"/>: as the system searches, then the places that it does not know.</param>
    public static IReadOnlyList<string> Cuda(string? folder) => OperatingSystem.IsWindows()
        ? InFolder(folder, "nvcuda.dll") ?? [Path.Join(Environment.SystemDirectory, "nvcuda.dll"), "nvcuda.dll"]
        : InFolder(folder, "libcuda.so.1") ?? ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1", "/run/opengl-driver/lib/libcuda.so.1"];

    /// <summary>NVML. Older Windows drivers keep it in a folder of its own; boards with an integrated GPU may have none.</summary>
    public static IReadOnlyList<string> Nvml(string? folder) => OperatingSystem.IsWindows()
        ? InFolder(folder, "nvml.dll") ?? [Path.Join(Environment.SystemDirectory, "nvml.dll"), "nvml.dll", Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.ProgramFiles), "NVIDIA Corporation", "NVSMI", "nvml.dll")]
        : InFolder(folder, "libnvidia-ml.so.1") ?? ["libnvidia-ml.so.1", "/usr/lib/wsl/lib/libnvidia-ml.so.1", "/run/opengl-driver/lib/libnvidia-ml.so.1"];

    private static string[]? InFolder(string? folder, string file) => folder is null ? null : [Path.Join(folder, file)];
}
