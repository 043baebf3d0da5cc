using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>A sparse tensor.</summary>
/// <param name="ElementType">The element type.</param>
/// <param name="Shape">The axes of the dense tensor, outermost first; <see langword="null"/> where the rank is not declared.</param>
public sealed record OnnxSparseTensorType(TensorElementType ElementType, ImmutableArray<OnnxDimension>? Shape) : OnnxType
{
    /// <summary>Such as <c>sparse float32[1000]</c>.</summary>
    public override string ToString() => $"sparse {new OnnxTensorType(ElementType, Shape)}";
}
