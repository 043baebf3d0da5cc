namespace EdgeAI.Onnx;

/// <summary>Bytes that a callback produces.</summary>
internal sealed class GeneratedData : OnnxTensorData
{
    private readonly Action<Stream> _write;

    public GeneratedData(long length, Action<Stream> write)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentNullException.ThrowIfNull(write);
        Length = length;
        _write = write;
    }

    public override long Length { get; }

    public override void CopyTo(Stream destination) => _write(destination);
}
