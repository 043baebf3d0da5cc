using System.Collections;

namespace EdgeAI.Onnx;

/// <summary>The elements of a string tensor, read from its message each time they are asked for.</summary>
internal sealed class FieldStrings(ByteSource source, long messageStart, long messageLength) : IEnumerable<ReadOnlyMemory<byte>>
{
    public IEnumerator<ReadOnlyMemory<byte>> GetEnumerator()
    {
        var wire = new WireReader(source, messageStart, messageLength, modelId: "tensor data", OnnxReaderOptions.Default);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            if (field == ProtoFields.Tensor.StringData) yield return wire.ReadBytes();
            else wire.SkipField();
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
