namespace EdgeAI;

/// <summary>A tensor of strings, which live in managed memory only.</summary>
internal sealed class StringTensor : TensorValue
{
    private readonly string[] _data;
    private readonly nint[] _lengths;

    public StringTensor(string[] data, ReadOnlySpan<nint> lengths)
    {
        _data = data;
        _lengths = lengths.ToArray();
    }

    public override TensorElementType ElementType => TensorElementType.String;

    public override ReadOnlySpan<nint> Lengths => _lengths;

    public override bool IsHostAccessible => true;

    public override DeviceBuffer Buffer => throw new NotSupportedException("A string tensor has no contiguous storage; use AsStrings.");

    public override ReadOnlySpan<string> AsStrings()
    {
        ObjectDisposedException.ThrowIf(IsFreed, this);
        return _data;
    }

    public override TensorValue Share() => new StringTensor(_data, _lengths);

    protected override void Free()
    {
    }
}
