namespace EdgeAI.Onnx;

/// <summary>The name and type of a value. Immutable.</summary>
/// <param name="Name">The value's name.</param>
/// <param name="Type">Its type; <see langword="null"/> where not declared.</param>
public sealed record OnnxValueInfo(string Name, OnnxType? Type)
{
    internal PreservedFields? Preserved { get; init; }

    /// <summary>A dense tensor of known rank.</summary>
    /// <param name="name">The value's name.</param>
    /// <param name="elementType">The element type.</param>
    /// <param name="shape">Numbers or symbols, outermost axis first; none for a scalar: <c>Tensor("x", TensorElementType.Float32, "batch", 3, 224, 224)</c>.</param>
    public static OnnxValueInfo Tensor(string name, TensorElementType elementType, params ReadOnlySpan<OnnxDimension> shape) =>
        new(name, new OnnxTensorType(elementType, [.. shape]));
}
