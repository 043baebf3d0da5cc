using System.Collections.Immutable;

namespace EdgeAI.Onnx;

/// <summary>
/// Gathers one attribute. The declared type and the field that is filled must agree: a runtime goes by the former, so a
/// disagreement would have it use a value that nobody checked.
/// </summary>
internal sealed class AttributeContent(WireReader wire, TensorParser tensors, TypeParser types, GraphParser graphs)
{
    private string _name = "";
    private string? _referenceName;
    private OnnxAttributeType _declared;
    private OnnxAttributeType _filled;
    private object? _single;
    private List<float>? _floats;
    private List<long>? _ints;
    private List<ReadOnlyMemory<byte>>? _strings;
    private List<OnnxTensor>? _tensors;
    private List<OnnxGraph>? _graphs;
    private List<OnnxSparseTensor>? _sparse;
    private List<OnnxType>? _types;
    private PreservedFields? _preserved;

    public void Read(int field)
    {
        switch (field)
        {
            case ProtoFields.Attribute.Name: _name = wire.ReadString(); break;
            case ProtoFields.Attribute.ReferenceName: _referenceName = wire.ReadString(); break;
            case ProtoFields.Attribute.Type: _declared = ReadType(); break;
            case ProtoFields.Attribute.Float: _single = Fill(OnnxAttributeType.Float, wire.ReadFloat()); break;
            case ProtoFields.Attribute.Int: _single = Fill(OnnxAttributeType.Int, wire.ReadInt64()); break;
            case ProtoFields.Attribute.String: _single = Fill(OnnxAttributeType.String, wire.ReadBytes()); break;
            case ProtoFields.Attribute.Tensor: _single = FillFirst(OnnxAttributeType.Tensor, () => tensors.ReadTensor("t")); break;
            case ProtoFields.Attribute.Graph: _single = FillFirst(OnnxAttributeType.Graph, () => graphs.ReadGraph("g")); break;
            case ProtoFields.Attribute.SparseTensor: _single = FillFirst(OnnxAttributeType.SparseTensor, () => tensors.ReadSparseTensor("sparse_tensor")); break;
            case ProtoFields.Attribute.TypeProto: _single = FillFirst(OnnxAttributeType.Type, () => RequireType(types.ReadType("tp"))); break;
            case ProtoFields.Attribute.Floats: wire.ReadFloats(Fill(OnnxAttributeType.Floats, _floats ??= [])); break;
            case ProtoFields.Attribute.Ints: wire.ReadInt64s(Fill(OnnxAttributeType.Ints, _ints ??= [])); break;
            case ProtoFields.Attribute.Strings: Fill(OnnxAttributeType.Strings, _strings ??= []).Add(wire.ReadBytes()); break;
            case ProtoFields.Attribute.Tensors: Fill(OnnxAttributeType.Tensors, _tensors ??= []).Add(tensors.ReadTensor("tensors", _tensors.Count)); break;
            case ProtoFields.Attribute.Graphs: Fill(OnnxAttributeType.Graphs, _graphs ??= []).Add(graphs.ReadGraph("graphs", _graphs.Count)); break;
            case ProtoFields.Attribute.SparseTensors: Fill(OnnxAttributeType.SparseTensors, _sparse ??= []).Add(tensors.ReadSparseTensor("sparse_tensors", _sparse.Count)); break;
            case ProtoFields.Attribute.TypeProtos: Fill(OnnxAttributeType.Types, _types ??= []).Add(RequireType(types.ReadType("type_protos", _types.Count))); break;
            default: _preserved = wire.Preserve(_preserved); break;
        }
    }

    public OnnxAttribute Build()
    {
        if (_name.Length == 0) throw wire.Refusal("an attribute has no name");
        if (_declared != OnnxAttributeType.Undefined && _filled != OnnxAttributeType.Undefined && _declared != _filled)
        {
            throw wire.Refusal($"attribute '{_name}' is declared as {_declared} but holds {_filled}");
        }

        var type = _declared == OnnxAttributeType.Undefined ? _filled : _declared;
        if (!string.IsNullOrEmpty(_referenceName))
        {
            if (_filled != OnnxAttributeType.Undefined) throw wire.Refusal($"attribute '{_name}' has a value and refers to '{_referenceName}' as well");
            return OnnxAttribute.Reference(_name, type, _referenceName, _preserved);
        }

        return new OnnxAttribute(_name, type, ValueOf(type)) { Preserved = _preserved };
    }

    private OnnxAttributeType ReadType()
    {
        var type = (OnnxAttributeType)wire.ReadInt32();
        return Enum.IsDefined(type) ? type : throw wire.Refusal($"an attribute has type {(int)type}, which is not known; the model may need a newer version of this library");
    }

    private T Fill<T>(OnnxAttributeType type, T value)
    {
        if (_filled != OnnxAttributeType.Undefined && _filled != type) throw wire.Refusal($"attribute '{_name}' holds both {_filled} and {type}");
        _filled = type;
        return value;
    }

    private T FillFirst<T>(OnnxAttributeType type, Func<T> read)
    {
        if (_filled == type) wire.RequireFirst(_single);
        return Fill(type, read());
    }

    private OnnxType RequireType(OnnxType? type) => type ?? throw wire.Refusal($"attribute '{_name}' holds an empty type");

    // In proto3 a field with its default value is not written: a declared type without a value means zero or empty.
    private object? ValueOf(OnnxAttributeType type) => type switch
    {
        OnnxAttributeType.Undefined => null,
        OnnxAttributeType.Float => _single ?? 0f,
        OnnxAttributeType.Int => _single ?? 0L,
        OnnxAttributeType.String => _single ?? ReadOnlyMemory<byte>.Empty,
        OnnxAttributeType.Floats => ToImmutable(_floats),
        OnnxAttributeType.Ints => ToImmutable(_ints),
        OnnxAttributeType.Strings => ToImmutable(_strings),
        OnnxAttributeType.Tensors => ToImmutable(_tensors),
        OnnxAttributeType.Graphs => ToImmutable(_graphs),
        OnnxAttributeType.SparseTensors => ToImmutable(_sparse),
        OnnxAttributeType.Types => ToImmutable(_types),
        _ => _single ?? throw wire.Refusal($"attribute '{_name}' is declared as {type} but holds nothing"),
    };

    private static ImmutableArray<T> ToImmutable<T>(List<T>? values) => values is null ? [] : [.. values];
}
