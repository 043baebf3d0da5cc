namespace EdgeAI.Onnx;

/// <summary>Operator domains.</summary>
public static class OnnxDomains
{
    /// <summary>ONNX's own operators. Written as an empty string; <c>ai.onnx</c> means the same.</summary>
    public const string Onnx = "";

    /// <summary>ONNX's classical machine learning operators.</summary>
    public const string MachineLearning = "ai.onnx.ml";

    /// <summary>ONNX Runtime's additions, such as <c>MatMulNBits</c>.</summary>
    public const string Microsoft = "com.microsoft";

    /// <summary>The domain with its alias resolved: <c>ai.onnx</c> becomes the empty string.</summary>
    public static string Normalize(string domain) => domain == "ai.onnx" ? Onnx : domain;
}
