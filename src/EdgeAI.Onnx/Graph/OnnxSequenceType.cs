namespace EdgeAI.Onnx;

/// <summary>A sequence.</summary>
/// <param name="Element">The type of its elements; <see langword="null"/> where not declared.</param>
public sealed record OnnxSequenceType(OnnxType? Element) : OnnxType
{
    /// <summary>Such as <c>sequence(float32[n])</c>.</summary>
    public override string ToString() => $"sequence({Element})";
}
