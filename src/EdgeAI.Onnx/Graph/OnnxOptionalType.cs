namespace EdgeAI.Onnx;

/// <summary>A value that may be absent.</summary>
/// <param name="Element">The type of the value; <see langword="null"/> where not declared.</param>
public sealed record OnnxOptionalType(OnnxType? Element) : OnnxType
{
    /// <summary>Such as <c>optional(float32[n])</c>.</summary>
    public override string ToString() => $"optional({Element})";
}
