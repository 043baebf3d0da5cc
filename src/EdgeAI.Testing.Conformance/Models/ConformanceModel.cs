using EdgeAI.Onnx;

namespace EdgeAI.Testing.Conformance;

/// <summary>A small ONNX model whose right answers are known from plain C#. Immutable and thread-safe.</summary>
public sealed class ConformanceModel
{
    private const long Opset = 17;
    private const long IrVersion = 8;

    private readonly byte[] _bytes;

    internal ConformanceModel(string id, ModelSignature signature, OnnxNode[] nodes, OnnxTensor[] initializers, SimulatedCompute reference)
    {
        Id = id;
        Signature = signature;
        Operators = [.. nodes.GroupBy(node => (node.Domain, node.OpType)).Select(use => new OperatorUse(use.Key.Domain, use.Key.OpType, use.Count(), use.Key.Domain.Length == 0 ? Opset : 1))];
        Reference = reference;

        var graph = new OnnxGraph(id, [.. nodes], [.. signature.Inputs.Select(ToValueInfo)], [.. signature.Outputs.Select(ToValueInfo)], initializers);
        OnnxOpsetImport[] imports = [Opset, .. Operators.Where(use => use.Domain.Length > 0).Select(use => new OnnxOpsetImport(use.Domain, use.OpsetVersion))];
        _bytes = OnnxWriter.ToBytes(new OnnxModel(graph, imports) { IrVersion = IrVersion });
    }

    /// <summary>Its name in logs and errors.</summary>
    public string Id { get; }

    /// <summary>Inputs and outputs. Every dynamic axis is named <c>n</c>.</summary>
    public ModelSignature Signature { get; }

    /// <summary>The operators that it uses.</summary>
    public IReadOnlyList<OperatorUse> Operators { get; }

    /// <summary>The right answer, computed without any device.</summary>
    public SimulatedCompute Reference { get; }

    /// <summary>The serialized ONNX model (opset 17, IR version 8, without external data).</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes;

    /// <summary>Reads the model as the engine would; the caller disposes the descriptor.</summary>
    public ModelDescriptor Open() => OnnxModelDescriptor.Open(ModelSource.FromBytes(_bytes, Id));

    /// <summary>Inputs in host memory, owned by the caller: floating-point elements are multiples of 1/8 from -4 to 4, integers any.</summary>
    /// <param name="rows">The length of every dynamic axis, 0 or more.</param>
    /// <param name="seed">The same seed gives the same elements.</param>
    public IReadOnlyList<TensorValue> CreateInputs(int rows, int seed)
    {
        var random = new Random(seed);
        return [.. Signature.Inputs.Select(spec => CreateInput(spec, rows, random))];
    }

    /// <summary>The <see cref="Id"/>.</summary>
    public override string ToString() => Id;

    private static OnnxValueInfo ToValueInfo(TensorSpec spec)
    {
        var shape = new OnnxDimension[spec.Lengths.Length];
        for (var axis = 0; axis < shape.Length; axis++)
        {
            shape[axis] = spec.LengthNames[axis] is { } symbol ? new OnnxDimension(symbol) : new OnnxDimension(spec.Lengths[axis]);
        }

        return OnnxValueInfo.Tensor(spec.Name, spec.ElementType, shape);
    }

    private static TensorValue CreateInput(TensorSpec spec, int rows, Random random)
    {
        var lengths = spec.Lengths.ToArray();
        foreach (ref var length in lengths.AsSpan())
        {
            if (length < 0) length = rows;
        }

        var count = (int)TensorShape.GetElementCount(lengths);
        return spec.ElementType == TensorElementType.Int64
            ? TensorValue.Create(Fill(count, () => random.NextInt64(long.MinValue, long.MaxValue)), lengths)
            : TensorValue.Create(Fill(count, () => random.Next(-32, 33) / 8f), lengths);
    }

    private static T[] Fill<T>(int count, Func<T> next)
    {
        var data = new T[count];
        for (var i = 0; i < count; i++) data[i] = next();
        return data;
    }
}
