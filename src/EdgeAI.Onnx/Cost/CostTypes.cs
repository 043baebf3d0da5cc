namespace EdgeAI.Onnx;

/// <summary>The element types of a node's outputs (ONNX operator specification); that of the first input where nothing else is said.</summary>
internal static class CostTypes
{
    private const TensorElementType Unknown = TensorElementType.Undefined;

    public static TensorElementType Of(OnnxNode node, int output, Func<int, TensorElementType> input) => node.OpType switch
    {
        "Cast" => Attribute(node, "to", Unknown),
        "CastLike" => input(1),
        "Shape" or "Size" or "NonZero" or "ArgMax" or "ArgMin" => TensorElementType.Int64,
        "TopK" or "MaxPool" when output == 1 => TensorElementType.Int64,
        "Dropout" when output == 1 => TensorElementType.Boolean,
        "And" or "Or" or "Xor" or "Not" or "Equal" or "Less" or "Greater" or "LessOrEqual" or "GreaterOrEqual" or "IsInf" or "IsNaN" => TensorElementType.Boolean,
        "QuantizeLinear" => input(2) is not Unknown and var zero ? zero : Attribute(node, "output_dtype", TensorElementType.UInt8),
        "DynamicQuantizeLinear" => output == 1 ? TensorElementType.Float32 : TensorElementType.UInt8,
        "DequantizeLinear" or "MatMulIntegerToFloat" or "DynamicQuantizeMatMul" => input(node.OpType == "DequantizeLinear" ? 1 : 2) is not Unknown and var scale ? scale : TensorElementType.Float32,
        "MatMulInteger" or "ConvInteger" => TensorElementType.Int32,
        "QLinearMatMul" or "QLinearConv" => input(7) is not Unknown and var result ? result : input(0),
        "QLinearConcat" => input(1),
        "ConstantOfShape" => node.FindAttribute("value") is { Type: OnnxAttributeType.Tensor, ReferenceName: null } value ? value.AsTensor().ElementType : TensorElementType.Float32,
        "Constant" => OfConstant(node),
        "OneHot" => input(2),
        "Where" => input(1),
        "EyeLike" => Attribute(node, "dtype", input(0)),
        "EmbedLayerNormalization" => output == 1 ? TensorElementType.Int32 : input(2),
        _ => input(0),
    };

    private static TensorElementType Attribute(OnnxNode node, string name, TensorElementType absent) =>
        node.FindAttribute(name) is { Type: OnnxAttributeType.Int, ReferenceName: null } attribute && attribute.AsInt() is > 0 and <= int.MaxValue and var value ? (TensorElementType)value : absent;

    private static TensorElementType OfConstant(OnnxNode node) =>
        node.Attributes.FirstOrDefault(candidate => candidate.ReferenceName is null && candidate.Name.StartsWith("value", StringComparison.Ordinal)) switch
        {
            { Type: OnnxAttributeType.Tensor } attribute => attribute.AsTensor().ElementType,
            { Type: OnnxAttributeType.Int or OnnxAttributeType.Ints } => TensorElementType.Int64,
            { Type: OnnxAttributeType.Float or OnnxAttributeType.Floats } => TensorElementType.Float32,
            { Type: OnnxAttributeType.String or OnnxAttributeType.Strings } => TensorElementType.String,
            _ => Unknown,
        };
}
