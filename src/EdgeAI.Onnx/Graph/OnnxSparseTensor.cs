namespace EdgeAI.Onnx;

/// <summary>A tensor of which only the elements that differ from zero are stored (COO format). Immutable.</summary>
public sealed class OnnxSparseTensor
{
    private readonly nint[] _lengths;

    /// <summary>Creates a sparse tensor.</summary>
    /// <param name="values">The stored elements, one axis; its name is that of the sparse tensor.</param>
    /// <param name="indices">Where they stand, int64, ascending: one linear index an element, or one row of axis indexes an element; <see langword="null"/> only where nothing is stored.</param>
    /// <param name="lengths">Lengths of the dense tensor's axes.</param>
    public OnnxSparseTensor(OnnxTensor values, OnnxTensor? indices, params ReadOnlySpan<nint> lengths)
    {
        Values = values;
        Indices = indices;
        _lengths = lengths.ToArray();
    }

    /// <summary>The name: that of <see cref="Values"/>.</summary>
    public string Name => Values.Name;

    /// <summary>The stored elements.</summary>
    public OnnxTensor Values { get; }

    /// <summary>Where they stand.</summary>
    public OnnxTensor? Indices { get; }

    /// <summary>Lengths of the dense tensor's axes.</summary>
    public ReadOnlySpan<nint> Lengths => _lengths;

    internal IEnumerable<OnnxTensor> Parts => Indices is null ? [Values] : [Values, Indices];

    internal PreservedFields? Preserved { get; init; }
}
