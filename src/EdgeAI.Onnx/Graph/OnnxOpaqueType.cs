namespace EdgeAI.Onnx;

/// <summary>A type that only certain operators understand.</summary>
/// <param name="Domain">The domain that defines it.</param>
/// <param name="Name">Its name there.</param>
public sealed record OnnxOpaqueType(string Domain, string Name) : OnnxType
{
    /// <summary>Such as <c>opaque(domain.Name)</c>.</summary>
    public override string ToString() => $"opaque({Domain}.{Name})";
}
