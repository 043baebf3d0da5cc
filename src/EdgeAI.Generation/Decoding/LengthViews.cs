namespace EdgeAI.Generation;

/// <summary>Tensors over the begin of one block that differ in one length, each made when it is first needed and kept.</summary>
/// <param name="buffer">The block.</param>
/// <param name="type">The element type.</param>
/// <param name="most">The greatest length.</param>
/// <param name="lengths">The axes for that length.</param>
internal sealed class LengthViews(DeviceBuffer buffer, TensorElementType type, int most, Func<int, nint[]> lengths) : IDisposable
{
    private readonly TensorValue?[] _views = new TensorValue?[most + 1];

    public TensorValue this[int length] => _views[length] ??= Create(length);

    public void Dispose()
    {
        foreach (var view in _views) view?.Dispose();
    }

    private TensorValue Create(int length)
    {
        var shape = lengths(length);
        return TensorValue.Create(new BufferView(buffer, 0, type.ByteLength(TensorShape.GetElementCount(shape))), type, shape);
    }
}
