using EdgeAI.Cli.Output;
using EdgeAI.OnnxRuntime;

namespace EdgeAI.Cli.Diagnostics;

/// <summary>The native ONNX Runtime library: whether it is there, and of the version that the managed part was built for.</summary>
internal static class NativeLibraryCheck
{
    public static IReadOnlyList<CheckReport> Run() => Judge(OnnxRuntimeLibrary.Check());

    internal static IReadOnlyList<CheckReport> Judge(OnnxRuntimeLibraryCheck library)
    {
        if (library.FoundVersion is null) return [new CheckReport("onnxruntime", false, library.Message, library.Fix)];
        return
        [
            new CheckReport("onnxruntime", true, $"the native library is found, version {library.FoundVersion}"),
            new CheckReport("onnxruntime-version", library.Ok, library.Ok ? $"{library.Message} fits the managed version {library.ExpectedVersion}" : library.Message, library.Fix),
        ];
    }
}
