using System.Globalization;

namespace EdgeAI.Cli.Npy;

/// <summary>A NumPy element type as a <c>.npy</c> header writes it, such as <c>&lt;f4</c>: byte order, kind and size.</summary>
/// <param name="Kind">NumPy's kind code: b, i, u, f, c, U, S or V.</param>
/// <param name="ItemSize">Bytes per element.</param>
/// <param name="IsBigEndian">Whether the most significant byte comes first.</param>
internal readonly record struct NpyType(char Kind, int ItemSize, bool IsBigEndian = false)
{
    /// <summary>The element type that stands for it here; <see cref="TensorElementType.Undefined"/> where there is none.</summary>
    /// <remarks>
    /// NumPy itself has no bfloat16 and no 8-bit floats: their bits travel as unsigned integers. Arrays of such types from extension
    /// packages are saved as V2 and V1, and are read as their bits too.
    /// </remarks>
    public TensorElementType ElementType => (Kind, ItemSize) switch
    {
        ('b', 1) => TensorElementType.Boolean,
        ('i', 1) => TensorElementType.Int8,
        ('i', 2) => TensorElementType.Int16,
        ('i', 4) => TensorElementType.Int32,
        ('i', 8) => TensorElementType.Int64,
        ('u', 1) or ('V', 1) => TensorElementType.UInt8,
        ('u', 2) or ('V', 2) => TensorElementType.UInt16,
        ('u', 4) => TensorElementType.UInt32,
        ('u', 8) => TensorElementType.UInt64,
        ('f', 2) => TensorElementType.Float16,
        ('f', 4) => TensorElementType.Float32,
        ('f', 8) => TensorElementType.Float64,
        ('c', 8) => TensorElementType.Complex64,
        ('c', 16) => TensorElementType.Complex128,
        ('U' or 'S', _) => TensorElementType.String,
        _ => TensorElementType.Undefined,
    };

    /// <summary>Bytes that are reversed together when the byte order changes.</summary>
    public int WordSize => Kind switch
    {
        'c' => ItemSize / 2,
        'U' => 4,
        'S' or 'V' => 1,
        _ => ItemSize,
    };

    /// <summary>Such as <c>&lt;f4</c>; <c>|</c> where the byte order means nothing.</summary>
    public string Description =>
        string.Create(CultureInfo.InvariantCulture, $"{(WordSize == 1 ? '|' : IsBigEndian ? '>' : '<')}{Kind}{(Kind == 'U' ? ItemSize / 4 : ItemSize)}");

    /// <summary>How tensors of this type are written. Strings have no fixed size and are not among them.</summary>
    /// <returns><see langword="null"/> for packed types and strings.</returns>
    public static NpyType? For(TensorElementType type) => type switch
    {
        TensorElementType.Boolean => new('b', 1),
        TensorElementType.Int8 => new('i', 1),
        TensorElementType.Int16 => new('i', 2),
        TensorElementType.Int32 => new('i', 4),
        TensorElementType.Int64 => new('i', 8),
        TensorElementType.UInt8 => new('u', 1),
        TensorElementType.UInt16 => new('u', 2),
        TensorElementType.UInt32 => new('u', 4),
        TensorElementType.UInt64 => new('u', 8),
        TensorElementType.Float16 => new('f', 2),
        TensorElementType.Float32 => new('f', 4),
        TensorElementType.Float64 => new('f', 8),
        TensorElementType.Complex64 => new('c', 8),
        TensorElementType.Complex128 => new('c', 16),
        TensorElementType.BFloat16 => new('u', 2),
        TensorElementType.Float8E4M3FN or TensorElementType.Float8E4M3FNUZ or TensorElementType.Float8E5M2
            or TensorElementType.Float8E5M2FNUZ or TensorElementType.Float8E8M0 => new('u', 1),
        _ => null,
    };

    /// <summary>Parses what follows <c>'descr':</c> in a header; <see langword="null"/> where it is malformed.</summary>
    public static NpyType? TryParse(string description)
    {
        if (description.Length < 3 || description[0] is not ('<' or '>' or '|')) return null;
        if (!int.TryParse(description.AsSpan(2), NumberStyles.None, CultureInfo.InvariantCulture, out var size)) return null;
        var kind = description[1];
        if (kind != 'U') return new NpyType(kind, size, description[0] == '>');
        return size <= int.MaxValue / 4 ? new NpyType(kind, size * 4, description[0] == '>') : null;
    }
}
