namespace EdgeAI.Providers.Cuda.Libraries;

/// <summary>Which execution provider to use.</summary>
/// <param name="Kind">How it comes.</param>
/// <param name="Path">The plugin's file, or that of the GPU build's own part where it is known; <see langword="null"/> otherwise.</param>
/// <param name="Reason">For a plugin, where it was named or found; for none, why, and what to do.</param>
internal sealed record ProviderChoice(ProviderKind Kind, string? Path, string Reason)
{
    public static ProviderChoice BuiltIn(string? path) => new(ProviderKind.BuiltIn, path, "the GPU build of ONNX Runtime");

    public static ProviderChoice Plugin(string path, string origin) => new(ProviderKind.Plugin, path, origin);

    public static ProviderChoice None(string reason) => new(ProviderKind.None, null, reason);
}
