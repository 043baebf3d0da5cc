using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace EdgeAI.Onnx;

/// <summary>A named constant of a node. Immutable. The reading methods throw <see cref="InvalidOperationException"/> when the attribute holds something else.</summary>
[SuppressMessage("Naming", "CA1711", Justification = "An attribute in ONNX's sense.")]
public sealed class OnnxAttribute
{
    private readonly object? _value;

    internal OnnxAttribute(string name, OnnxAttributeType type, object? value)
    {
        Name = name;
        Type = type;
        _value = value;
    }

    /// <summary>The attribute's name.</summary>
    public string Name { get; }

    /// <summary>What it holds.</summary>
    public OnnxAttributeType Type { get; }

    /// <summary>Inside a function: the attribute of the calling node that gives the value; <see langword="null"/> where the value is here.</summary>
    public string? ReferenceName { get; private init; }

    /// <summary>The graphs that it holds: none, one or several.</summary>
    public IEnumerable<OnnxGraph> Subgraphs => _value switch
    {
        OnnxGraph graph => [graph],
        ImmutableArray<OnnxGraph> graphs => graphs,
        _ => [],
    };

    /// <summary>The tensors that it holds: none, one or several; those of sparse tensors included.</summary>
    public IEnumerable<OnnxTensor> Tensors => _value switch
    {
        OnnxTensor tensor => [tensor],
        ImmutableArray<OnnxTensor> tensors => tensors,
        OnnxSparseTensor sparse => sparse.Parts,
        ImmutableArray<OnnxSparseTensor> sparse => sparse.SelectMany(tensor => tensor.Parts),
        _ => [],
    };

    internal PreservedFields? Preserved { get; init; }

    /// <summary>A 32-bit float.</summary>
    public static OnnxAttribute Float(string name, float value) => new(name, OnnxAttributeType.Float, value);

    /// <summary>A 64-bit integer.</summary>
    public static OnnxAttribute Int(string name, long value) => new(name, OnnxAttributeType.Int, value);

    /// <summary>Text.</summary>
    public static OnnxAttribute String(string name, string value) => Bytes(name, Encoding.UTF8.GetBytes(value));

    /// <summary>Bytes, stored as a string attribute.</summary>
    public static OnnxAttribute Bytes(string name, ReadOnlyMemory<byte> value) => new(name, OnnxAttributeType.String, value);

    /// <summary>A tensor.</summary>
    public static OnnxAttribute Tensor(string name, OnnxTensor value) => new(name, OnnxAttributeType.Tensor, value);

    /// <summary>A sparse tensor.</summary>
    public static OnnxAttribute SparseTensor(string name, OnnxSparseTensor value) => new(name, OnnxAttributeType.SparseTensor, value);

    /// <summary>A subgraph.</summary>
    public static OnnxAttribute Graph(string name, OnnxGraph value) => new(name, OnnxAttributeType.Graph, value);

    /// <summary>A type.</summary>
    public static OnnxAttribute TypeOf(string name, OnnxType value) => new(name, OnnxAttributeType.Type, value);

    /// <summary>A list of 32-bit floats.</summary>
    public static OnnxAttribute Floats(string name, params ReadOnlySpan<float> values) => new(name, OnnxAttributeType.Floats, ImmutableArray.Create(values));

    /// <summary>A list of 64-bit integers.</summary>
    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values) => new(name, OnnxAttributeType.Ints, ImmutableArray.Create(values));

    /// <summary>A list of texts.</summary>
    public static OnnxAttribute Strings(string name, params ReadOnlySpan<string> values)
    {
        var bytes = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(values.Length);
        foreach (var value in values) bytes.Add(Encoding.UTF8.GetBytes(value));
        return new(name, OnnxAttributeType.Strings, bytes.MoveToImmutable());
    }

    /// <summary>A list of tensors.</summary>
    public static OnnxAttribute TensorList(string name, params ReadOnlySpan<OnnxTensor> values) => new(name, OnnxAttributeType.Tensors, ImmutableArray.Create(values));

    /// <summary>A list of subgraphs.</summary>
    public static OnnxAttribute GraphList(string name, params ReadOnlySpan<OnnxGraph> values) => new(name, OnnxAttributeType.Graphs, ImmutableArray.Create(values));

    /// <summary>Inside a function: the value of the calling node's attribute <paramref name="referenceName"/>.</summary>
    public static OnnxAttribute Reference(string name, OnnxAttributeType type, string referenceName) => Reference(name, type, referenceName, preserved: null);

    /// <summary>The 32-bit float.</summary>
    public float AsFloat() => As<float>(OnnxAttributeType.Float);

    /// <summary>The integer.</summary>
    public long AsInt() => As<long>(OnnxAttributeType.Int);

    /// <summary>The bytes of the string.</summary>
    public ReadOnlyMemory<byte> AsBytes() => As<ReadOnlyMemory<byte>>(OnnxAttributeType.String);

    /// <summary>The string; invalid UTF-8 shows as replacement characters.</summary>
    public string AsString() => Encoding.UTF8.GetString(AsBytes().Span);

    /// <summary>The tensor.</summary>
    public OnnxTensor AsTensor() => As<OnnxTensor>(OnnxAttributeType.Tensor);

    /// <summary>The sparse tensor.</summary>
    public OnnxSparseTensor AsSparseTensor() => As<OnnxSparseTensor>(OnnxAttributeType.SparseTensor);

    /// <summary>The subgraph.</summary>
    public OnnxGraph AsGraph() => As<OnnxGraph>(OnnxAttributeType.Graph);

    /// <summary>The type.</summary>
    public OnnxType AsType() => As<OnnxType>(OnnxAttributeType.Type);

    /// <summary>The floats.</summary>
    public ImmutableArray<float> AsFloats() => As<ImmutableArray<float>>(OnnxAttributeType.Floats);

    /// <summary>The integers.</summary>
    public ImmutableArray<long> AsInts() => As<ImmutableArray<long>>(OnnxAttributeType.Ints);

    /// <summary>The strings' bytes.</summary>
    public ImmutableArray<ReadOnlyMemory<byte>> AsByteStrings() => As<ImmutableArray<ReadOnlyMemory<byte>>>(OnnxAttributeType.Strings);

    /// <summary>The strings; invalid UTF-8 shows as replacement characters.</summary>
    public ImmutableArray<string> AsStrings() => [.. AsByteStrings().Select(bytes => Encoding.UTF8.GetString(bytes.Span))];

    /// <summary>The tensors.</summary>
    public ImmutableArray<OnnxTensor> AsTensors() => As<ImmutableArray<OnnxTensor>>(OnnxAttributeType.Tensors);

    /// <summary>The sparse tensors.</summary>
    public ImmutableArray<OnnxSparseTensor> AsSparseTensors() => As<ImmutableArray<OnnxSparseTensor>>(OnnxAttributeType.SparseTensors);

    /// <summary>The subgraphs.</summary>
    public ImmutableArray<OnnxGraph> AsGraphs() => As<ImmutableArray<OnnxGraph>>(OnnxAttributeType.Graphs);

    /// <summary>The types.</summary>
    public ImmutableArray<OnnxType> AsTypes() => As<ImmutableArray<OnnxType>>(OnnxAttributeType.Types);

    /// <summary>Such as <c>axis: Int</c>.</summary>
    public override string ToString() => $"{Name}: {Type}";

    internal static OnnxAttribute Reference(string name, OnnxAttributeType type, string referenceName, PreservedFields? preserved) =>
        new(name, type, null) { ReferenceName = referenceName, Preserved = preserved };

    /// <summary>The same value under another name.</summary>
    internal OnnxAttribute WithName(string name) => new(name, Type, _value) { ReferenceName = ReferenceName, Preserved = Preserved };

    private T As<T>(OnnxAttributeType expected)
    {
        if (ReferenceName is not null) throw new InvalidOperationException($"Attribute '{Name}' takes the value of the caller's attribute '{ReferenceName}'; there is no value here.");
        if (Type != expected) throw new InvalidOperationException($"Attribute '{Name}' holds {Type}, not {expected}.");
        return (T)_value!;
    }
}
