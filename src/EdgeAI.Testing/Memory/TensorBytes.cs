namespace EdgeAI.Testing;

/// <summary>The elements of any tensor as bytes, whether the host may see them or not: only the simulation may look through.</summary>
internal static unsafe class TensorBytes
{
    /// <summary>The bytes of a tensor that is not of strings, at most 2^31-1 of them.</summary>
    public static Span<byte> Of(TensorValue tensor) =>
        new((void*)tensor.Buffer.Address, checked((int)tensor.ElementType.ByteLength(tensor.ElementCount)));

    /// <summary>The tensor as the host may see it: itself, or a view that the caller disposes before the tensor.</summary>
    public static TensorValue AsHost(TensorValue tensor) =>
        tensor.IsHostAccessible ? tensor : TensorValue.Create(new HostView(tensor.Buffer), tensor.ElementType, tensor.Lengths);

    /// <summary>Copies elements between tensors of one type and number of elements.</summary>
    public static void Copy(TensorValue from, TensorValue to) => Of(from).CopyTo(Of(to));
}
