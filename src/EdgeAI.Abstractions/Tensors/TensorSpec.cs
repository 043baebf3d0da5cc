namespace EdgeAI;

/// <summary>What a model declares of one input or output: name, element type and the lengths of its axes. Immutable and thread-safe.</summary>
public sealed class TensorSpec
{
    private readonly nint[] _lengths;

    /// <summary>Creates a specification.</summary>
    /// <param name="name">The name in the model.</param>
    /// <param name="elementType">The element type.</param>
    /// <param name="lengths">Lengths of the axes, outermost first; -1 where dynamic. Empty for a scalar.</param>
    /// <param name="lengthNames">Symbolic names, one per axis, <see langword="null"/> where an axis has none; <see langword="null"/> when no axis has one.</param>
    /// <exception cref="ArgumentException">A length is below -1, or the number of names differs from that of the lengths.</exception>
    public TensorSpec(string name, TensorElementType elementType, ReadOnlySpan<nint> lengths, IReadOnlyList<string?>? lengthNames = null)
    {
        ArgumentNullException.ThrowIfNull(name);
        foreach (var length in lengths)
        {
            if (length < -1) throw new ArgumentException($"'{name}' has a length of {length}; lengths are 0 or more, or -1 where dynamic.", nameof(lengths));
        }

        if (lengthNames is not null && lengthNames.Count != lengths.Length)
        {
            throw new ArgumentException($"'{name}' has {lengths.Length} axes but {lengthNames.Count} names.", nameof(lengthNames));
        }

        Name = name;
        ElementType = elementType;
        _lengths = lengths.ToArray();
        LengthNames = lengthNames is null ? new string?[lengths.Length] : [.. lengthNames];
    }

    /// <summary>The name in the model.</summary>
    public string Name { get; }

    /// <summary>The element type.</summary>
    public TensorElementType ElementType { get; }

    /// <summary>Lengths of the axes, outermost first; -1 = dynamic. Empty for a scalar.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    /// <summary>Symbolic names of the axes, <see langword="null"/> where an axis has none.</summary>
    public IReadOnlyList<string?> LengthNames { get; }

    /// <summary>Whether the model declares the number of axes. Where it does not, any rank is accepted and <see cref="Lengths"/> is empty.</summary>
    public bool HasRank { get; init; } = true;

    /// <summary>Such as <c>input float32[n,576]</c>.</summary>
    public override string ToString() =>
        $"{Name} {ElementType.ToName()}{(HasRank ? TensorShape.Format(_lengths, LengthNames) : "[...]")}";
}
