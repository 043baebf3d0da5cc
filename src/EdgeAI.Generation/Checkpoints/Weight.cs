namespace EdgeAI.Generation;

/// <summary>A weight of a checkpoint, read piece by piece. Thread-safe; valid as long as its checkpoint.</summary>
internal abstract class Weight
{
    /// <summary>The name in the checkpoint's own terms, such as <c>model.layers.0.mlp.up_proj.weight</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Outermost first: [out, in] for a projection, as PyTorch's Linear stores it. GGUF's order is turned round.</summary>
    public abstract ReadOnlySpan<long> Lengths { get; }

    public abstract WeightFormat Format { get; }

    /// <summary>All lengths but the last multiplied; 1 for a vector.</summary>
    public long Rows => Lengths.Length < 2 ? 1 : Product(Lengths[..^1]);

    /// <summary>Elements of a row: the last length.</summary>
    public long Columns => Lengths.Length == 0 ? 1 : Lengths[^1];

    /// <summary>Reads whole rows as floats.</summary>
    /// <param name="firstRow">From 0.</param>
    /// <param name="destination">Receives rows * columns values; its length decides how many rows.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public abstract void ReadRows(long firstRow, Span<float> destination);

    /// <summary>Reads whole rows as they are stored, so that block formats can be repacked without loss.</summary>
    /// <param name="firstRow">From 0.</param>
    /// <param name="destination">Receives whole rows; its length decides how many.</param>
    public abstract void ReadRaw(long firstRow, Span<byte> destination);

    private static long Product(ReadOnlySpan<long> lengths)
    {
        long product = 1;
        foreach (var length in lengths) product = checked(product * length);
        return product;
    }
}
