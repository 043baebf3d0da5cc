using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>A sparse tensor.</summary>
/// <param name="ElementType">The element type.</param>
/// <param name="Shape">The axes of the dense tensor, outermost first; <see langword="null"/> where the rank is not declared.</param>
public sealed record OnnxSparseTensorType(TensorElementType ElementType, ImmutableArray<OnnxDimension>? Shape) : OnnxType
{
    /// <summary>Whether element type, axes and meaning are the same.</summary>
    public bool Equals(OnnxSparseTensorType? other) => base.Equals(other) && ElementType == other.ElementType && OnnxDimension.AreEqual(Shape, other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), ElementType, Shape?.Length);

    /// <summary>Such as <c>sparse float32[1000]</c>.</summary>
    public override string ToString() => $"sparse {new OnnxTensorType(ElementType, Shape)}";
}
