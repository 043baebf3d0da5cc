namespace EdgeAI.Onnx;

/// <summary>
/// The elements of a tensor as bytes: row-major, little-endian, packed types low bits first. They may lie in memory, in the model
/// file, in a file beside it, or be generated while they are written; reading copies only what is asked for. Immutable.
/// </summary>
public abstract class OnnxTensorData
{
    private protected OnnxTensorData()
    {
    }

    /// <summary>Size in bytes.</summary>
    public abstract long Length { get; }

    /// <summary>Equal for data that are the same bytes in the same place: several tensors may view one range in shapes of their own.</summary>
    internal virtual object Place => this;

    /// <summary>Writes all bytes, in pieces: a tensor of any size needs little memory.</summary>
    /// <param name="destination">Receives <see cref="Length"/> bytes.</param>
    /// <exception cref="ObjectDisposedException">The model that the data lies in has been disposed.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public abstract void CopyTo(Stream destination);

    /// <summary>The bytes without copying, where they are in memory already.</summary>
    /// <param name="memory">The bytes.</param>
    /// <returns>Whether they are in memory.</returns>
    public virtual bool TryGetMemory(out ReadOnlyMemory<byte> memory)
    {
        memory = default;
        return false;
    }

    /// <summary>A copy of all bytes.</summary>
    /// <exception cref="NotSupportedException">There are more bytes than an array holds; use <see cref="CopyTo"/>.</exception>
    public byte[] ToArray()
    {
        if (Length > Array.MaxLength) throw new NotSupportedException($"{Length} bytes do not fit in an array; use CopyTo.");
        var bytes = new byte[Length];
        using var stream = new MemoryStream(bytes);
        CopyTo(stream);
        return bytes;
    }

    /// <summary>Bytes in memory, not copied; they must not change while the tensor is in use.</summary>
    public static OnnxTensorData FromMemory(ReadOnlyMemory<byte> bytes) => new RangeData(new MemorySource(bytes), 0, bytes.Length);

    /// <summary>Bytes that are produced each time they are needed, so that weights of any size can be written with little memory.</summary>
    /// <param name="length">How many bytes.</param>
    /// <param name="write">Writes exactly that many to the stream.</param>
    public static OnnxTensorData FromWriter(long length, Action<Stream> write) => new GeneratedData(length, write);
}
