namespace EdgeAI.Providers.Cuda.Interop;

/// <summary>Why the CUDA driver cannot be used.</summary>
/// <param name="Code"><c>cuInit</c>'s result, or <see cref="NotLoaded"/>.</param>
/// <param name="Message">The loader's or the driver's words.</param>
internal sealed record DriverFailure(int Code, string Message)
{
    /// <summary>There is no library.</summary>
    public const int NotLoaded = -1;
}
