namespace EdgeAI.OnnxRuntime;

/// <summary>What a search for the native library found.</summary>
/// <param name="Version">Its version; <see langword="null"/> where it is missing or unusable.</param>
/// <param name="Path">The file; <see langword="null"/> where unknown.</param>
/// <param name="Error">Why there is no version.</param>
internal readonly record struct NativeLibraryFinding(string? Version, string? Path, string? Error);
