namespace EdgeAI.Batching;

/// <summary>Tensors in host memory as bytes.</summary>
internal static unsafe class TensorBytes
{
    /// <summary>The content; valid while the tensor is held.</summary>
    public static Span<byte> Of(TensorValue tensor)
    {
        var length = tensor.ElementType.ByteLength(tensor.ElementCount);
        return length == 0 ? [] : new Span<byte>((void*)tensor.Buffer.Address, checked((int)length));
    }

    /// <summary>Whether a tensor is a single number in host memory, or less.</summary>
    public static bool IsNumber(TensorValue tensor) => tensor.ElementType != TensorElementType.String && tensor.IsHostAccessible && tensor.ElementCount <= 1;

    /// <summary>
    /// Copies rows between two tensors of the same shape beside their batch axis: <paramref name="rows"/> rows from row <paramref name="fromRow"/> on
    /// to row <paramref name="toRow"/> on.
    /// </summary>
    public static void CopyRows(TensorValue from, nint fromRow, TensorValue to, nint toRow, nint rows, int axis)
    {
        var lengths = from.Lengths;
        var outer = TensorShape.GetElementCount(lengths[..axis]);
        var inner = (nint)from.ElementType.ByteLength(TensorShape.GetElementCount(lengths[(axis + 1)..]));
        var bytes = rows * inner;
        if (bytes == 0 || outer == 0) return;
        var source = (byte*)from.Buffer.Address + (fromRow * inner);
        var target = (byte*)to.Buffer.Address + (toRow * inner);
        var (sourceStride, targetStride) = (lengths[axis] * inner, to.Lengths[axis] * inner);
        for (nint i = 0; i < outer; i++) Buffer.MemoryCopy(source + (i * sourceStride), target + (i * targetStride), bytes, bytes);
    }
}
