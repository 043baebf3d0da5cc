namespace EdgeAI.Onnx;

/// <summary>Passes bytes on and makes sure that they are as many as was promised: a wrong count would shift all that follows.</summary>
internal sealed class CountedStream(Stream destination, long expected) : Stream
{
    private long _written;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>To be called when all should have been written.</summary>
    public void RequireComplete()
    {
        if (_written != expected) throw new InvalidOperationException($"The data of a tensor was announced as {expected} bytes but its writer gave {_written}; give all of them.");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _written += buffer.Length;
        if (_written > expected) throw new InvalidOperationException($"The data of a tensor was announced as {expected} bytes but its writer gave more; give no more than that.");
        destination.Write(buffer);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
