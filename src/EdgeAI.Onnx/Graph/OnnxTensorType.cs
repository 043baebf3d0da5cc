using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>A dense tensor.</summary>
/// <param name="ElementType">The element type; <see cref="TensorElementType.Undefined"/> where not declared.</param>
/// <param name="Shape">The axes, outermost first, empty for a scalar; <see langword="null"/> where the rank is not declared.</param>
public sealed record OnnxTensorType(TensorElementType ElementType, ImmutableArray<OnnxDimension>? Shape) : OnnxType
{
    /// <summary>Whether element type, axes and meaning are the same.</summary>
    public bool Equals(OnnxTensorType? other) => base.Equals(other) && ElementType == other.ElementType && OnnxDimension.AreEqual(Shape, other.Shape);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(base.GetHashCode(), ElementType, Shape?.Length);

    /// <summary>Such as <c>float32[batch,3]</c>.</summary>
    public override string ToString() => $"{ElementType.ToName()}{(Shape is { } shape ? $"[{string.Join(',', shape)}]" : "[...]")}";
}
