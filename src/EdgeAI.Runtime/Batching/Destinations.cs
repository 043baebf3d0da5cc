namespace EdgeAI.Batching;

/// <summary>Tensors of callers that outputs are written to.</summary>
internal static class Destinations
{
    /// <exception cref="InvalidInputException">The destination has another shape than the output.</exception>
    public static void CheckShape(TensorValue destination, ReadOnlySpan<nint> lengths)
    {
        if (destination.Lengths.SequenceEqual(lengths)) return;
        throw new InvalidInputException([$"a destination has the shape {TensorShape.Format(destination.Lengths)} but the output has {TensorShape.Format(lengths)}"]);
    }

    /// <summary>Writes some rows of an output; all of an output without a batch axis. Returns another tensor over the destination, which the caller disposes.</summary>
    /// <exception cref="InvalidInputException">The destination has another shape.</exception>
    public static TensorValue Write(TensorValue destination, TensorValue output, nint firstRow, nint rows, int axis)
    {
        var lengths = output.Lengths.ToArray();
        if (axis != BatchLayout.Shared) lengths[axis] = rows;
        CheckShape(destination, lengths);
        if (axis == BatchLayout.Shared) TensorBytes.Of(output).CopyTo(TensorBytes.Of(destination));
        else TensorBytes.CopyRows(output, firstRow, destination, 0, rows, axis);
        return destination.Share();
    }
}
