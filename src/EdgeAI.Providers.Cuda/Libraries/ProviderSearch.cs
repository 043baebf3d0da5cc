namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>What a search for the execution provider starts from.</summary>
/// <param name="Option"><see cref="CudaOptions.ProviderLibrary"/>.</param>
/// <param name="Variable">The value of <see cref="ProviderSearch.VariableName"/>.</param>
/// <param name="ApplicationFolder">Where the application is.</param>
/// <param name="RuntimeIdentifiers">The platform, as packages name its folder, the most special first.</param>
/// <param name="IsWindows">Whether libraries are named as Windows names them.</param>
/// <param name="HasBuiltIn">Whether the native ONNX Runtime is a GPU build, which brings the provider itself.</param>
internal sealed record ProviderSearch(string? Option, string? Variable, string ApplicationFolder, IReadOnlyList<string> RuntimeIdentifiers, bool IsWindows, bool HasBuiltIn)
{
    /// <summary>The environment variable that names the library.</summary>
    public const string VariableName = "EDGEAI_CUDA_PROVIDER";

    private const string Advice =
        "put a CUDA plugin library for this ONNX Runtime there, or name it by CudaOptions.ProviderLibrary or " + VariableName
        + ", or reference Microsoft.ML.OnnxRuntime.Gpu instead of EdgeAI.Providers.Cpu's Microsoft.ML.OnnxRuntime";

    // The library was renamed from the second to the first (ONNX Runtime pull request 29544).
    private string[] Names => IsWindows
        ? ["onnxruntime_providers_cuda.dll", "onnxruntime_providers_cuda_plugin.dll"]
        : ["libonnxruntime_providers_cuda.so", "libonnxruntime_providers_cuda_plugin.so"];

    private string PluginOnlyName => Names[1];

    /// <summary>Decides what to use. What the user named is used or refused, never passed over.</summary>
    public ProviderChoice Decide(IFileView files)
    {
        if (!string.IsNullOrEmpty(Option)) return Named(Option, "CudaOptions.ProviderLibrary", files);
        if (!string.IsNullOrEmpty(Variable)) return Named(Variable, VariableName, files);

        string? unfit = null, ownPart = null;
        string[] folders = [.. RuntimeIdentifiers.Select(rid => Path.Join(ApplicationFolder, "runtimes", rid, "native")), ApplicationFolder];
        foreach (var folder in folders)
        {
            foreach (var name in Names)
            {
                var path = Path.Join(folder, name);
                if (!files.FileExists(path)) continue;

                // The GPU build's own part has the plugin's name.
                if (HasBuiltIn && name != PluginOnlyName) ownPart ??= path;
                else if (files.IsPlugin(path)) return ProviderChoice.Plugin(path, folder == ApplicationFolder ? "the application's folder" : "the application's runtimes folder");
                else unfit ??= path;
            }
        }

        if (HasBuiltIn) return ProviderChoice.BuiltIn(ownPart);
        return ProviderChoice.None(unfit is null
            ? $"there is no CUDA execution provider for ONNX Runtime; {Names[0]} was looked for in {string.Join(" and ", folders)}; {Advice}"
            : $"{unfit} belongs to the GPU build of ONNX Runtime and does not fit the CPU build that is loaded; {Advice}");
    }

    private ProviderChoice Named(string named, string origin, IFileView files)
    {
        var path = Path.IsPathRooted(named) ? named : Path.Join(ApplicationFolder, named);
        if (files.FolderExists(path))
        {
            var found = Names.Select(name => Path.Join(path, name)).FirstOrDefault(files.FileExists);
            if (found is null) return ProviderChoice.None($"{origin} names the folder {path}, which holds neither {Names[0]} nor {Names[1]}; name the library's file");
            path = found;
        }

        if (!files.FileExists(path)) return ProviderChoice.None($"{origin} names {path}, which is not there; correct or remove it");
        return files.IsPlugin(path)
            ? ProviderChoice.Plugin(path, origin)
            : ProviderChoice.None($"{origin} names {path}, which is no plugin library of ONNX Runtime (it exports no CreateEpFactories); name one, or reference Microsoft.ML.OnnxRuntime.Gpu and remove {origin}");
    }
}
