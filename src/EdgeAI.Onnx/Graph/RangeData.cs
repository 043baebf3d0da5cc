namespace EdgeAI.Onnx;

/// <summary>A range of the model file or of memory.</summary>
internal sealed class RangeData(ByteSource source, long offset, long length) : OnnxTensorData
{
    public override long Length => length;

    public override void CopyTo(Stream destination) => source.CopyTo(offset, length, destination);

    public override bool TryGetMemory(out ReadOnlyMemory<byte> memory) => source.TryGetMemory(offset, length, out memory);
}
