namespace EdgeAI.OnnxRuntime.Interop;

/// <summary>
/// <c>ONNXTensorElementDataType</c> of onnxruntime_c_api.h. It agrees with ONNX's own numbering except at the end, where ONNX Runtime
/// appended its types in another order.
/// </summary>
internal static class NativeElementTypes
{
    private const int UInt2 = 24;
    private const int Int2 = 25;
    private const int Float8E8M0 = 26;

    public static int ToNative(this TensorElementType type) => type switch
    {
        TensorElementType.UInt2 => UInt2,
        TensorElementType.Int2 => Int2,
        TensorElementType.Float8E8M0 => Float8E8M0,
        _ => (int)type,
    };

    public static TensorElementType FromNative(int type) => type switch
    {
        UInt2 => TensorElementType.UInt2,
        Int2 => TensorElementType.Int2,
        Float8E8M0 => TensorElementType.Float8E8M0,
        _ => (TensorElementType)type,
    };
}
