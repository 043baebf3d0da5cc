namespace EdgeAI.OnnxRuntime;

/// <summary>A model's runs cannot be captured as graphs: it must be opened without <see cref="OnnxSessionSetup.GraphCapture"/>.</summary>
public sealed class OnnxGraphCaptureException : EdgeAIException
{
    /// <summary>Creates an error.</summary>
    /// <param name="message">Why not.</param>
    /// <param name="innerException">The cause.</param>
    public OnnxGraphCaptureException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }

    /// <inheritdoc/>
    public override bool IsTransient => false;
}
