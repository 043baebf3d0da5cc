namespace EdgeAI.Onnx;

/// <summary>The type of a value: one of <see cref="OnnxTensorType"/>, <see cref="OnnxSparseTensorType"/>, <see cref="OnnxSequenceType"/>, <see cref="OnnxMapType"/>, <see cref="OnnxOptionalType"/>, <see cref="OnnxOpaqueType"/>. Immutable.</summary>
public abstract record OnnxType
{
    private protected OnnxType()
    {
    }

    /// <summary>What the value means, such as <c>IMAGE</c>; empty where not declared.</summary>
    public string Denotation { get; init; } = "";

    internal PreservedFields? Preserved { get; init; }
}
