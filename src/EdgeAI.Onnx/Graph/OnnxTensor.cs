using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;

namespace EdgeAI.Onnx;

/// <summary>A constant tensor. Immutable and thread-safe.</summary>
public sealed class OnnxTensor
{
    private readonly nint[] _lengths;
    private readonly OnnxTensorData? _data;
    private readonly IEnumerable<ReadOnlyMemory<byte>>? _strings;

    internal OnnxTensor(string name, TensorElementType elementType, ReadOnlySpan<nint> lengths, OnnxTensorData? data, IEnumerable<ReadOnlyMemory<byte>>? strings = null)
    {
        Name = name;
        ElementType = elementType;
        _lengths = lengths.ToArray();
        _data = data;
        _strings = strings;
    }

    /// <summary>Its name; empty where it needs none, as in an attribute.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>Lengths of the axes, outermost first; empty for a scalar.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    /// <summary>The number of elements.</summary>
    public nint ElementCount => TensorShape.GetElementCount(_lengths);

    /// <summary>The elements as bytes.</summary>
    /// <exception cref="InvalidOperationException">The tensor holds strings; use <see cref="GetStrings"/>.</exception>
    public OnnxTensorData Data => _data ?? throw new InvalidOperationException($"Tensor '{Name}' holds strings, which have no fixed layout; use GetStrings.");

    internal IEnumerable<ReadOnlyMemory<byte>>? StringBytes => _strings;

    internal PreservedFields? Preserved { get; init; }

    /// <summary>A tensor with a copy of the elements.</summary>
    /// <param name="name">Its name; empty where it needs none.</param>
    /// <param name="data">The elements, row-major.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar.</param>
    /// <exception cref="ArgumentException">The CLR type has no ONNX counterpart, or the lengths do not multiply to the number of elements.</exception>
    public static OnnxTensor Create<T>(string name, ReadOnlySpan<T> data, params ReadOnlySpan<nint> lengths) where T : unmanaged
    {
        var elementType = TensorElementTypes.Of<T>();
        if (elementType == TensorElementType.Undefined) throw new ArgumentException($"{typeof(T).Name} has no ONNX element type; give the bytes and the element type instead.", nameof(data));
        return Create(name, elementType, OnnxTensorData.FromMemory(MemoryMarshal.AsBytes(data).ToArray()), lengths);
    }

    /// <summary>A tensor over bytes of any origin; for packed types, large weights, and data that is generated while it is written.</summary>
    /// <param name="name">Its name; empty where it needs none.</param>
    /// <param name="elementType">The element type; not <see cref="TensorElementType.String"/>.</param>
    /// <param name="data">The elements.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar.</param>
    /// <exception cref="ArgumentException">The number of bytes is not what the type and lengths need.</exception>
    public static OnnxTensor Create(string name, TensorElementType elementType, OnnxTensorData data, params ReadOnlySpan<nint> lengths)
    {
        ArgumentNullException.ThrowIfNull(data);
        var needed = (long)elementType.ByteLength(TensorShape.GetElementCount(lengths));
        if (data.Length != needed) throw new ArgumentException($"Tensor '{name}', {elementType.ToName()}{TensorShape.Format(lengths)}, needs {needed} bytes, not {data.Length}.", nameof(data));
        return new OnnxTensor(name, elementType, lengths, data);
    }

    /// <summary>A tensor of one element and no axes.</summary>
    /// <exception cref="ArgumentException">The CLR type has no ONNX counterpart.</exception>
    public static OnnxTensor Scalar<T>(string name, T value) where T : unmanaged => Create<T>(name, [value]);

    /// <summary>A tensor of strings.</summary>
    /// <param name="name">Its name; empty where it needs none.</param>
    /// <param name="data">The elements, row-major; copied as UTF-8.</param>
    /// <param name="lengths">Lengths of the axes; none for a scalar.</param>
    /// <exception cref="ArgumentException">The lengths do not multiply to the number of elements.</exception>
    public static OnnxTensor CreateStrings(string name, ReadOnlySpan<string> data, params ReadOnlySpan<nint> lengths)
    {
        var needed = TensorShape.GetElementCount(lengths);
        if (data.Length != needed) throw new ArgumentException($"Tensor '{name}', string{TensorShape.Format(lengths)}, needs {needed} strings, not {data.Length}.", nameof(data));
        var strings = ImmutableArray.CreateBuilder<ReadOnlyMemory<byte>>(data.Length);
        foreach (var value in data) strings.Add(Encoding.UTF8.GetBytes(value));
        return new OnnxTensor(name, TensorElementType.String, lengths, data: null, strings.MoveToImmutable());
    }

    /// <summary>The same tensor under another name, over the same data.</summary>
    public OnnxTensor WithName(string name) => new(name, ElementType, _lengths, _data, _strings) { Preserved = Preserved };

    /// <summary>A copy of the elements.</summary>
    /// <typeparam name="T">The CLR type of <see cref="ElementType"/>; <see cref="byte"/> for packed and 8-bit float types, then one element a stored byte.</typeparam>
    /// <exception cref="InvalidOperationException">The element type is another.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        if (!ElementType.IsViewableAs<T>()) throw new InvalidOperationException($"Tensor '{Name}' holds {ElementType.ToName()}, which cannot be read as {typeof(T).Name}.");
        return MemoryMarshal.Cast<byte, T>(Data.ToArray()).ToArray();
    }

    /// <summary>A copy of the elements of a string tensor; invalid UTF-8 shows as replacement characters.</summary>
    /// <exception cref="InvalidOperationException">The tensor does not hold strings.</exception>
    public string[] GetStrings()
    {
        if (_strings is null) throw new InvalidOperationException($"Tensor '{Name}' holds {ElementType.ToName()}, not strings.");
        return [.. _strings.Select(bytes => Encoding.UTF8.GetString(bytes.Span))];
    }

    /// <summary>Such as <c>w float32[64,3,7,7]</c>.</summary>
    public override string ToString() => $"{Name} {ElementType.ToName()}{TensorShape.Format(_lengths)}".TrimStart();
}
