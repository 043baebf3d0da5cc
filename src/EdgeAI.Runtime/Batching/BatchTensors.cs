using EdgeAI.Memory;

namespace EdgeAI.Batching;

/// <summary>Stacks tensors of several requests into one and cuts it up again. Thread-safe.</summary>
/// <param name="pool">Where new tensors lie; the host reaches it.</param>
/// <param name="reserve">Where they lie when that has no room; <see langword="null"/>: nowhere else.</param>
internal sealed class BatchTensors(BufferPool pool, BufferPool? reserve = null)
{
    /// <summary>One tensor with the rows of all, in pooled memory; the caller disposes it.</summary>
    /// <param name="parts">Of the same type and shape beside the batch axis; at least one.</param>
    /// <param name="axis">The batch axis.</param>
    public TensorValue Stack(ReadOnlySpan<TensorValue> parts, int axis)
    {
        var lengths = parts[0].Lengths.ToArray();
        lengths[axis] = 0;
        foreach (var part in parts) lengths[axis] += part.Lengths[axis];
        var stacked = Rent(parts[0].ElementType, lengths);
        nint row = 0;
        foreach (var part in parts)
        {
            TensorBytes.CopyRows(part, 0, stacked, row, part.Lengths[axis], axis);
            row += part.Lengths[axis];
        }

        return stacked;
    }

    /// <summary>Some rows of a tensor: a view of the same memory along axis 0, a copy in pooled memory along another. The caller disposes it.</summary>
    public TensorValue Cut(TensorValue stacked, nint firstRow, nint rows, int axis)
    {
        if (axis == 0) return stacked.Slice(firstRow, rows);
        var lengths = stacked.Lengths.ToArray();
        lengths[axis] = rows;
        var part = Rent(stacked.ElementType, lengths);
        TensorBytes.CopyRows(stacked, firstRow, part, 0, rows, axis);
        return part;
    }

    /// <summary>A copy, for outputs that all requests of a run get: what one caller writes into its answer, no other may see. The caller disposes it.</summary>
    public TensorValue Copy(TensorValue tensor)
    {
        var copy = Rent(tensor.ElementType, tensor.Lengths);
        TensorBytes.Of(tensor).CopyTo(TensorBytes.Of(copy));
        return copy;
    }

    /// <summary>A copy that is longer along an axis, the rest filled with a value. The caller disposes it.</summary>
    public TensorValue Extend(TensorValue tensor, int axis, nint length, double value)
    {
        var lengths = tensor.Lengths.ToArray();
        lengths[axis] = length;
        var extended = Rent(tensor.ElementType, lengths);
        ElementFill.Fill(extended, value);
        TensorBytes.CopyRows(tensor, 0, extended, 0, tensor.Lengths[axis], axis);
        return extended;
    }

    /// <summary>A tensor of the lengths that are declared, and so many rows along an axis; its content is undefined. The caller disposes it.</summary>
    public TensorValue Rent(TensorSpec spec, int axis, nint rows)
    {
        var lengths = spec.Lengths.ToArray();
        lengths[axis] = rows;
        return Rent(spec.ElementType, lengths);
    }

    private TensorValue Rent(TensorElementType type, ReadOnlySpan<nint> lengths)
    {
        var bytes = type.ByteLength(TensorShape.GetElementCount(lengths));
        var buffer = reserve is null ? pool.Rent(bytes) : pool.TryRent(bytes, out var rented) ? rented : reserve.Rent(bytes);
        try
        {
            return TensorValue.Create(buffer, type, lengths);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }
}
