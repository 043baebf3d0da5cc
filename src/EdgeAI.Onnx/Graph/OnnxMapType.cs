namespace EdgeAI.Onnx;

/// <summary>A map.</summary>
/// <param name="Key">The type of its keys: an integer type or strings.</param>
/// <param name="Value">The type of its values; <see langword="null"/> where not declared.</param>
public sealed record OnnxMapType(TensorElementType Key, OnnxType? Value) : OnnxType
{
    /// <summary>Such as <c>map(int64, float32[])</c>.</summary>
    public override string ToString() => $"map({Key.ToName()}, {Value})";
}
