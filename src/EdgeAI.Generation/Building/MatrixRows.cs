using System.Buffers;

namespace EdgeAI.Generation;

/// <summary>
/// A matrix [out, in] whose rows come from one weight or from several, one below the other, in order or rearranged by heads.
/// Nothing is read before it is asked for. Thread-safe.
/// </summary>
internal sealed class MatrixRows
{
    private readonly Part[] _parts;
    private readonly HeadMap? _columns;

    private MatrixRows(Part[] parts, HeadMap? columns = null)
    {
        _parts = parts;
        _columns = columns;
        Rows = checked((int)parts.Sum(part => part.Rows));
        Columns = columns is null ? checked((int)parts[0].Weight.Columns) : columns.Expand(parts[0].Weight.Columns);
    }

    public int Rows { get; }

    public int Columns { get; }

    public long Elements => (long)Rows * Columns;

    /// <summary>The weights, for messages.</summary>
    public string Name => string.Join(", ", _parts.Select(part => part.Weight.Name));

    /// <summary>The formats in which the weights are stored.</summary>
    public IEnumerable<WeightFormat> Formats => _parts.Select(part => part.Weight.Format).Distinct();

    /// <summary>The format that all rows are stored in, each as a whole; <see langword="null"/> where they differ, or where elements are rearranged within rows or added.</summary>
    public WeightFormat? RawFormat => _columns is null && _parts.All(part => part.Weight.Format == _parts[0].Weight.Format && part.Heads?.HasZeros != true) ? _parts[0].Weight.Format : null;

    public static MatrixRows Of(Weight weight) => new([new Part(weight, null)]);

    /// <summary>A weight whose rows are those of heads.</summary>
    /// <param name="weight">The weight.</param>
    /// <param name="map">For each row of a head the row in the weight; -1 for zeros.</param>
    /// <param name="sourceSize">Rows of a head in the weight.</param>
    public static MatrixRows OfHeads(Weight weight, int[] map, int sourceSize) => new([new Part(weight, new HeadMap(map, sourceSize))]);

    /// <summary>A weight whose columns are those of heads.</summary>
    public static MatrixRows OfHeadColumns(Weight weight, int[] map, int sourceSize) => new([new Part(weight, null)], new HeadMap(map, sourceSize));

    public static MatrixRows Stack(params ReadOnlySpan<MatrixRows> matrices)
    {
        var parts = new List<Part>();
        foreach (var matrix in matrices) parts.AddRange(matrix._parts);
        return new MatrixRows([.. parts]);
    }

    /// <summary>Reads whole rows as floats; the length of the destination decides how many.</summary>
    public void Read(long firstRow, Span<float> destination)
    {
        if (_columns is null)
        {
            Walk(firstRow, destination, Columns, static (weight, row, rows) => weight.ReadRows(row, rows));
            return;
        }

        var width = checked((int)_parts[0].Weight.Columns);
        var count = destination.Length / Columns;
        var narrow = ArrayPool<float>.Shared.Rent(count * width);
        Walk(firstRow, narrow.AsSpan(0, count * width), width, static (weight, row, rows) => weight.ReadRows(row, rows));
        for (var row = 0; row < count; row++) _columns.Arrange(narrow.AsSpan(row * width, width), destination.Slice(row * Columns, Columns));
        ArrayPool<float>.Shared.Return(narrow);
    }

    /// <summary>Reads whole rows as they are stored, where <see cref="RawFormat"/> names a format.</summary>
    /// <param name="firstRow">From 0.</param>
    /// <param name="rowBytes">Bytes of a row.</param>
    /// <param name="destination">Receives whole rows; its length decides how many.</param>
    public void ReadRaw(long firstRow, int rowBytes, Span<byte> destination) =>
        Walk(firstRow, destination, rowBytes, static (weight, row, rows) => weight.ReadRaw(row, rows));

    private void Walk<T>(long firstRow, Span<T> destination, int rowLength, ReadSpan<T> read)
    {
        foreach (var part in _parts)
        {
            if (destination.IsEmpty) return;
            if (firstRow >= part.Rows)
            {
                firstRow -= part.Rows;
                continue;
            }

            var count = (int)Math.Min(part.Rows - firstRow, destination.Length / rowLength);
            if (part.Heads is null) read(part.Weight, firstRow, destination[..(count * rowLength)]);
            else for (var row = 0; row < count; row++) ReadRow(part.Weight, part.Heads.Source(firstRow + row), destination.Slice(row * rowLength, rowLength), read);
            destination = destination[(count * rowLength)..];
            firstRow = 0;
        }
    }

    private static void ReadRow<T>(Weight weight, long row, Span<T> destination, ReadSpan<T> read)
    {
        if (row < 0) destination.Clear();
        else read(weight, row, destination);
    }

    private delegate void ReadSpan<T>(Weight weight, long row, Span<T> destination);

    private readonly record struct Part(Weight Weight, HeadMap? Heads)
    {
        public long Rows => Heads is null ? Weight.Rows : Heads.Expand(Weight.Rows);
    }
}
