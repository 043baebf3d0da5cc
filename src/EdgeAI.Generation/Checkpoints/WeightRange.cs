namespace EdgeAI.Generation;

/// <summary>Checks what a caller asks of a weight.</summary>
internal static class WeightRange
{
    /// <summary>How many rows a destination takes.</summary>
    /// <exception cref="ArgumentException">It does not hold whole rows, or the weight has fewer.</exception>
    public static long RowsOf(Weight weight, long firstRow, long destinationLength, long rowLength)
    {
        if (rowLength == 0 ? destinationLength != 0 : destinationLength % rowLength != 0)
        {
            throw new ArgumentException($"The destination's length {destinationLength} is not a whole number of rows of {rowLength}.", nameof(destinationLength));
        }

        var rows = rowLength == 0 ? 0 : destinationLength / rowLength;
        if (firstRow >= 0 && firstRow <= weight.Rows - rows) return rows;
        throw new ArgumentOutOfRangeException(nameof(firstRow), $"Rows {firstRow} to {firstRow + rows} of '{weight.Name}', which has {weight.Rows}.");
    }
}
