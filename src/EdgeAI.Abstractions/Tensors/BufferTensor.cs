namespace EdgeAI;

/// <summary>A tensor over one buffer, whose reference it owns.</summary>
internal sealed class BufferTensor : TensorValue
{
    private readonly DeviceBuffer _buffer;
    private readonly nint[] _lengths;

    public BufferTensor(DeviceBuffer buffer, TensorElementType elementType, ReadOnlySpan<nint> lengths)
    {
        _buffer = buffer;
        _lengths = lengths.ToArray();
        ElementType = elementType;
    }

    public override TensorElementType ElementType { get; }

    public override ReadOnlySpan<nint> Lengths => _lengths;

    public override bool IsHostAccessible => _buffer.IsHostAccessible;

    public override DeviceBuffer Buffer
    {
        get
        {
            ObjectDisposedException.ThrowIf(IsFreed, this);
            return _buffer;
        }
    }

    // It took over the creator's reference, so dropping it is a Dispose: harmless if the creator disposes the buffer as well.
    protected override void Free() => _buffer.Dispose();
}
