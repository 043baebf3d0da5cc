using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>Reads types and value declarations.</summary>
internal sealed class TypeParser(WireReader wire, OnnxReaderOptions options)
{
    public OnnxValueInfo ReadValueInfo(string label, int index)
    {
        var name = "";
        OnnxType? type = null;
        PreservedFields? preserved = null;
        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.ValueInfo.Name: name = wire.ReadString(); break;
                case ProtoFields.ValueInfo.Type:
                    wire.RequireFirst(type);
                    type = ReadType("type");
                    break;
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        wire.Leave(outer);
        return new OnnxValueInfo(name, type) { Preserved = preserved };
    }

    /// <summary>A type; <see langword="null"/> where the message says nothing.</summary>
    public OnnxType? ReadType(string label, int index = -1)
    {
        OnnxType? type = null;
        var denotation = "";
        PreservedFields? preserved = null;
        var outer = wire.Enter(label, index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Type.Tensor or ProtoFields.Type.SparseTensor or ProtoFields.Type.Sequence
                    or ProtoFields.Type.Optional or ProtoFields.Type.Map or ProtoFields.Type.Opaque:
                    wire.RequireFirst(type);
                    type = ReadKind(field);
                    break;
                case ProtoFields.Type.Denotation: denotation = wire.ReadString(); break;
                default: preserved = wire.Preserve(preserved); break;
            }
        }

        wire.Leave(outer);
        return type is null ? null : type with { Denotation = denotation, Preserved = preserved };
    }

    private OnnxType ReadKind(int field) => field switch
    {
        ProtoFields.Type.Tensor => ReadTensorType((element, shape) => new OnnxTensorType(element, shape)),
        ProtoFields.Type.SparseTensor => ReadTensorType((element, shape) => new OnnxSparseTensorType(element, shape)),
        ProtoFields.Type.Sequence => new OnnxSequenceType(ReadElement("sequence_type")),
        ProtoFields.Type.Optional => new OnnxOptionalType(ReadElement("optional_type")),
        ProtoFields.Type.Map => ReadMap(),
        _ => ReadOpaque(),
    };

    private OnnxType ReadTensorType(Func<TensorElementType, ImmutableArray<OnnxDimension>?, OnnxType> create)
    {
        var elementType = TensorElementType.Undefined;
        ImmutableArray<OnnxDimension>? shape = null;
        var outer = wire.Enter("tensor_type");
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.TensorType.ElementType: elementType = ReadElementType(); break;
                case ProtoFields.TensorType.Shape:
                    wire.RequireFirst(shape);
                    shape = ReadShape();
                    break;
                default: wire.SkipField(); break;
            }
        }

        wire.Leave(outer);
        return create(elementType, shape);
    }

    private TensorElementType ReadElementType()
    {
        var value = (TensorElementType)wire.ReadInt32();
        if (!Enum.IsDefined(value)) throw wire.Refusal($"element type {(int)value} is not known; the model may need a newer version of this library");
        return value;
    }

    private ImmutableArray<OnnxDimension> ReadShape()
    {
        var dimensions = ImmutableArray.CreateBuilder<OnnxDimension>();
        var outer = wire.Enter("shape");
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            if (field == ProtoFields.Shape.Dimension) dimensions.Add(ReadDimension(dimensions.Count));
            else wire.SkipField();
        }

        wire.Leave(outer);
        if (dimensions.Count > options.MaxRank) throw wire.Refusal($"a shape has {dimensions.Count} axes; at most {options.MaxRank} are allowed (OnnxReaderOptions.MaxRank)");
        return dimensions.ToImmutable();
    }

    private OnnxDimension ReadDimension(int index)
    {
        var dimension = OnnxDimension.Unknown;
        var outer = wire.Enter("dim", index);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.Dimension.Value: dimension = dimension with { Value = wire.ReadInt64(), Symbol = null }; break;
                case ProtoFields.Dimension.Symbol: dimension = dimension with { Value = null, Symbol = wire.ReadString() }; break;
                case ProtoFields.Dimension.Denotation: dimension = dimension with { Denotation = wire.ReadString() }; break;
                default: wire.SkipField(); break;
            }
        }

        wire.Leave(outer);
        if (dimension.Value < -1) throw wire.Refusal($"a length of {dimension.Value} is negative; lengths are 0 or more, or absent where dynamic");
        return dimension;
    }

    private OnnxType? ReadElement(string label)
    {
        OnnxType? element = null;
        var outer = wire.Enter(label);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            if (field != ProtoFields.ElementOf.ElementType)
            {
                wire.SkipField();
                continue;
            }

            wire.RequireFirst(element);
            element = ReadType("elem_type");
        }

        wire.Leave(outer);
        return element;
    }

    private OnnxMapType ReadMap()
    {
        var key = TensorElementType.Undefined;
        OnnxType? value = null;
        var outer = wire.Enter("map_type");
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.MapType.Key: key = ReadElementType(); break;
                case ProtoFields.MapType.Value:
                    wire.RequireFirst(value);
                    value = ReadType("value_type");
                    break;
                default: wire.SkipField(); break;
            }
        }

        wire.Leave(outer);
        return new OnnxMapType(key, value);
    }

    private OnnxOpaqueType ReadOpaque()
    {
        var (domain, name) = ("", "");
        var outer = wire.Enter("opaque_type");
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            switch (field)
            {
                case ProtoFields.OpaqueType.Domain: domain = wire.ReadString(); break;
                case ProtoFields.OpaqueType.Name: name = wire.ReadString(); break;
                default: wire.SkipField(); break;
            }
        }

        wire.Leave(outer);
        return new OnnxOpaqueType(domain, name);
    }
}
