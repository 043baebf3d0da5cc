namespace EdgeAI.OnnxRuntime;

/// <summary>Whether the native ONNX Runtime library is present and of the version that this package was built for. Immutable.</summary>
/// <param name="Ok">Whether it can be used.</param>
/// <param name="FoundVersion">The version found, such as <c>1.31.1</c>; <see langword="null"/> where there is no library.</param>
/// <param name="ExpectedVersion">The version of the managed package. The first two numbers must agree.</param>
/// <param name="Message">What was found, as a sentence without its full stop.</param>
/// <param name="Fix">What to do, as a sentence without its full stop; <see langword="null"/> where all is well.</param>
public sealed record OnnxRuntimeLibraryCheck(bool Ok, string? FoundVersion, string ExpectedVersion, string Message, string? Fix)
{
    /// <summary>Message and fix in one line.</summary>
    public override string ToString() => Fix is null ? Message : $"{Message}; {Fix}";
}
