using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Writes types and value declarations.</summary>
internal sealed class TypeEncoder(WireWriter wire)
{
    public void WriteValueInfo(int field, OnnxValueInfo value)
    {
        var start = wire.BeginMessage(field);
        wire.WriteOptionalString(ProtoFields.ValueInfo.Name, value.Name);
        if (value.Type is { } type) WriteType(ProtoFields.ValueInfo.Type, type);
        wire.WritePreserved(value.Preserved);
        wire.EndMessage(start);
    }

    public void WriteType(int field, OnnxType type)
    {
        var start = wire.BeginMessage(field);
        switch (type)
        {
            case OnnxTensorType tensor: WriteTensorType(ProtoFields.Type.Tensor, tensor.ElementType, tensor.Shape); break;
            case OnnxSparseTensorType sparse: WriteTensorType(ProtoFields.Type.SparseTensor, sparse.ElementType, sparse.Shape); break;
            case OnnxSequenceType sequence: WriteElement(ProtoFields.Type.Sequence, sequence.Element); break;
            case OnnxOptionalType optional: WriteElement(ProtoFields.Type.Optional, optional.Element); break;
            case OnnxMapType map: WriteMap(map); break;
            case OnnxOpaqueType opaque: WriteOpaque(opaque); break;
        }

        wire.WriteOptionalString(ProtoFields.Type.Denotation, type.Denotation);
        wire.WritePreserved(type.Preserved);
        wire.EndMessage(start);
    }

    private void WriteTensorType(int field, TensorElementType elementType, ImmutableArray<OnnxDimension>? shape)
    {
        var start = wire.BeginMessage(field);
        wire.WriteInt64(ProtoFields.TensorType.ElementType, (int)elementType);
        if (shape is { } dimensions)
        {
            var shapeStart = wire.BeginMessage(ProtoFields.TensorType.Shape);
            foreach (var dimension in dimensions) WriteDimension(dimension);
            wire.EndMessage(shapeStart);
        }

        wire.EndMessage(start);
    }

    private void WriteDimension(OnnxDimension dimension)
    {
        var start = wire.BeginMessage(ProtoFields.Shape.Dimension);
        if (dimension.Value is { } value) wire.WriteInt64(ProtoFields.Dimension.Value, value);
        wire.WriteOptionalString(ProtoFields.Dimension.Symbol, dimension.Symbol);
        wire.WriteOptionalString(ProtoFields.Dimension.Denotation, dimension.Denotation);
        wire.EndMessage(start);
    }

    private void WriteElement(int field, OnnxType? element)
    {
        var start = wire.BeginMessage(field);
        if (element is not null) WriteType(ProtoFields.ElementOf.ElementType, element);
        wire.EndMessage(start);
    }

    private void WriteMap(OnnxMapType map)
    {
        var start = wire.BeginMessage(ProtoFields.Type.Map);
        wire.WriteInt64(ProtoFields.MapType.Key, (int)map.Key);
        if (map.Value is { } value) WriteType(ProtoFields.MapType.Value, value);
        wire.EndMessage(start);
    }

    private void WriteOpaque(OnnxOpaqueType opaque)
    {
        var start = wire.BeginMessage(ProtoFields.Type.Opaque);
        wire.WriteOptionalString(ProtoFields.OpaqueType.Domain, opaque.Domain);
        wire.WriteOptionalString(ProtoFields.OpaqueType.Name, opaque.Name);
        wire.EndMessage(start);
    }
}
