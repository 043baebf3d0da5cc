using System.Buffers.Binary;

namespace EdgeAI.Onnx;

/// <summary>
/// Elements stored in a field such as <c>float_data</c> or <c>int32_data</c>: decoded each time they are asked for, from the
/// range of the tensor's message, which has been checked.
/// </summary>
internal sealed class TypedData(ByteSource source, long messageStart, long messageLength, int dataField, int entryWidth, long length) : OnnxTensorData
{
    public override long Length => length;

    public override void CopyTo(Stream destination)
    {
        var buffered = new BufferedStream(destination, 64 * 1024);
        var remaining = length;
        var wire = new WireReader(source, messageStart, messageLength, modelId: "tensor data", OnnxReaderOptions.Default);
        for (int field; (field = wire.ReadTag()) != 0;)
        {
            if (field != dataField)
            {
                wire.SkipField();
            }
            else if (dataField is ProtoFields.Tensor.FloatData or ProtoFields.Tensor.DoubleData)
            {
                var (offset, count) = wire.IsPacked ? wire.SkipBytes() : wire.SkipFixed(dataField == ProtoFields.Tensor.FloatData ? sizeof(float) : sizeof(double));
                source.CopyTo(offset, count, buffered);
            }
            else
            {
                Decode(wire, buffered, ref remaining);
            }
        }

        buffered.Flush();
    }

    private void Decode(WireReader wire, Stream destination, ref long remaining)
    {
        Span<byte> entry = stackalloc byte[sizeof(ulong)];
        if (!wire.IsPacked)
        {
            Write(wire.ReadInt64(), entry, destination, ref remaining);
            return;
        }

        var outer = wire.EnterPacked();
        while (!wire.AtEnd) Write((long)wire.ReadVarint(), entry, destination, ref remaining);
        wire.LeavePacked(outer);
    }

    private void Write(long value, Span<byte> entry, Stream destination, ref long remaining)
    {
        BinaryPrimitives.WriteInt64LittleEndian(entry, value);
        var count = (int)long.Min(entryWidth, remaining);
        destination.Write(entry[..count]);
        remaining -= count;
    }
}
