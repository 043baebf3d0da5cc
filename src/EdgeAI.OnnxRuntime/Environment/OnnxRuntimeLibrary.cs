using EdgeAI.OnnxRuntime.Interop;
using Microsoft.ML.OnnxRuntime;

namespace EdgeAI.OnnxRuntime;

/// <summary>Looks at the native ONNX Runtime library before anything depends on it. Thread-safe.</summary>
public static class OnnxRuntimeLibrary
{
    /// <summary>The version of the managed package, which the native library must match in its first two numbers.</summary>
    public static string ExpectedVersion { get; } = typeof(OrtEnv).Assembly.GetName().Version?.ToString(3) ?? "unknown";

    /// <summary>Loads the library and compares its version. Never throws; may be repeated.</summary>
    /// <remarks>
    /// A library of another version is refused, older or newer: Windows has one of its own in its system folder, and two packages may bring
    /// one each, so a version that differs is more often the wrong file than an upgrade.
    /// </remarks>
    public static OnnxRuntimeLibraryCheck Check() => Check(NativeLibraryProbe.Find(), ExpectedVersion);

    /// <summary>The one native environment of the process, for what no session offers, such as registering execution providers. Created with this package's log unless the host has made one already.</summary>
    /// <exception cref="InvalidOperationException">The native library is missing or of another version: ask <see cref="Check()"/> first.</exception>
    public static OrtEnv GetEnvironment() => OnnxEnvironment.TryEnsure() is { } problem ? throw new InvalidOperationException($"{problem}.") : OrtEnv.Instance();

    internal static OnnxRuntimeLibraryCheck Check(NativeLibraryFinding found, string expected)
    {
        var origin = found.Path is null ? "" : $" ({found.Path})";
        if (found.Version is null)
        {
            return new(false, null, expected,
                $"the native ONNX Runtime library was not found or cannot be loaded; version {expected} is expected{(found.Error is null ? "" : $" ({found.Error})")}",
                $"reference EdgeAI.Providers.Cpu or Microsoft.ML.OnnxRuntime {expected} in the application's own project, then build or publish it again for this platform ({NativeLibraryProbe.Platform})");
        }

        if (!IsSameMinor(found.Version, expected))
        {
            return new(false, found.Version, expected,
                $"the native ONNX Runtime library is version {found.Version}{origin}; version {expected} is expected",
                $"reference Microsoft.ML.OnnxRuntime {expected} in the application's own project and remove other packages or files that bring onnxruntime, so that this copy is not the one that loads");
        }

        return new(true, found.Version, expected, $"ONNX Runtime {found.Version}{origin}", null);
    }

    private static bool IsSameMinor(string found, string expected) =>
        Version.TryParse(found.Split('-', '+')[0], out var a) && Version.TryParse(expected, out var b) && a.Major == b.Major && a.Minor == b.Minor;
}
