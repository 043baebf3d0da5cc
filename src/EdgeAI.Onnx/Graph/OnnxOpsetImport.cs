namespace EdgeAI.Onnx;

/// <summary>The version of an operator domain that a model or function uses.</summary>
/// <param name="Domain">The domain; empty for ONNX's own.</param>
/// <param name="Version">The version, 1 or more.</param>
public sealed record OnnxOpsetImport(string Domain, long Version)
{
    /// <summary>A version of ONNX's own operators.</summary>
    public static implicit operator OnnxOpsetImport(long version) => FromInt64(version);

    /// <summary>A version of ONNX's own operators.</summary>
    public static OnnxOpsetImport FromInt64(long version) => new(OnnxDomains.Onnx, version);
}
