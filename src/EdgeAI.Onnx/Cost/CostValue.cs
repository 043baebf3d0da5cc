namespace EdgeAI.Onnx;

/// <summary>What is known of a value of the graph for one run. Immutable.</summary>
/// <param name="Known">Its shape, and its numbers where they are few.</param>
/// <param name="Type">The element type; undefined where unknown.</param>
internal sealed record CostValue(BatchValue Known, TensorElementType Type)
{
    public static CostValue Unknown { get; } = new(BatchValue.Unknown, TensorElementType.Undefined);

    /// <summary>Whether it is the same in every run.</summary>
    public bool IsConstant { get; init; }

    /// <summary>The type that it is stored as where it is the dequantised form of something; otherwise undefined.</summary>
    public TensorElementType QuantizedType { get; init; }

    /// <summary>Whether a product made it, or a node that runtimes compute together with one.</summary>
    public bool IsOfProduct { get; init; }

    /// <summary>The bytes of a constant that are read in place of its own: those that it is dequantised from.</summary>
    public double? StoredBytes { get; init; }

    public TensorElementType StoredType => QuantizedType == TensorElementType.Undefined ? Type : QuantizedType;

    /// <summary>The lengths; <see langword="null"/> where one is unknown.</summary>
    public double[]? Lengths => Known.Shape is { } shape && shape.All(length => length is { IsConstant: true, Factor: >= 0 }) ? [.. shape.Select(length => (double)length.Factor)] : null;

    /// <summary>How many elements; <see langword="null"/> where unknown.</summary>
    public double? Count => Lengths?.Aggregate(1.0, (product, length) => product * length);

    /// <summary>How many bytes; <see langword="null"/> where unknown.</summary>
    public double? Bytes => StoredBytes ?? (Count is { } count && Type.BitWidth() is > 0 and var bits ? Math.Ceiling(count * bits / 8) : null);
}
