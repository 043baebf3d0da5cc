using System.Collections.Immutable;
using System.Globalization;

namespace EdgeAI.Onnx;

/// <summary>The length of one axis as a model declares it: a number, a symbol, or nothing. Immutable.</summary>
public readonly record struct OnnxDimension
{
    /// <summary>A fixed length, 0 or more; -1 is read as dynamic.</summary>
    public OnnxDimension(long value) => Value = value;

    /// <summary>A symbolic length, such as <c>batch</c>.</summary>
    public OnnxDimension(string symbol) => Symbol = symbol;

    /// <summary>A dynamic length without a name.</summary>
    public static OnnxDimension Unknown => default;

    /// <summary>The number; <see langword="null"/> where there is none.</summary>
    public long? Value { get; init; }

    /// <summary>The symbol; <see langword="null"/> where there is none.</summary>
    public string? Symbol { get; init; }

    /// <summary>What the axis means, such as <c>DATA_BATCH</c>; <see langword="null"/> where not declared.</summary>
    public string? Denotation { get; init; }

    /// <summary>The length, or -1 where it is dynamic.</summary>
    public nint Length => Value is >= 0 and var value ? (nint)value : -1;

    /// <summary>A fixed length.</summary>
    public static implicit operator OnnxDimension(long value) => new(value);

    /// <summary>A symbolic length.</summary>
    public static implicit operator OnnxDimension(string symbol) => new(symbol);

    /// <summary>A fixed length.</summary>
    public static OnnxDimension FromInt64(long value) => new(value);

    /// <summary>A symbolic length.</summary>
    public static OnnxDimension FromString(string symbol) => new(symbol);

    internal static bool AreEqual(ImmutableArray<OnnxDimension>? left, ImmutableArray<OnnxDimension>? right) =>
        left is { } a && right is { } b ? a.AsSpan().SequenceEqual(b.AsSpan()) : left is null && right is null;

    /// <summary>The number, the symbol, or <c>?</c>.</summary>
    public override string ToString() => Value?.ToString(CultureInfo.InvariantCulture) ?? Symbol ?? "?";
}
