using Microsoft.Win32.SafeHandles;

namespace EdgeAI.Onnx;

/// <summary>An opened file. Its length is that of the moment of opening.</summary>
internal sealed class FileSource(SafeFileHandle handle) : ByteSource, IDisposable
{
    public SafeFileHandle Handle => handle;

    public override long Length { get; } = RandomAccess.GetLength(handle);

    public override int Read(long offset, Span<byte> destination)
    {
        var total = 0;
        while (total < destination.Length)
        {
            var read = RandomAccess.Read(handle, destination[total..], offset + total);
            if (read == 0) break;
            total += read;
        }

        return total;
    }

    public override bool TryGetMemory(long offset, long length, out ReadOnlyMemory<byte> memory)
    {
        memory = default;
        return length == 0;
    }

    public void Dispose() => handle.Dispose();
}
