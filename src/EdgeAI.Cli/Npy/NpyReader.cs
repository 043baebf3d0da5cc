namespace EdgeAI.Cli.Npy;

/// <summary>
/// Reads <c>.npy</c> files of the versions 1.0 to 3.0. The data is measured against the file before memory is taken; big-endian and
/// Fortran-ordered arrays are converted.
/// </summary>
internal static unsafe class NpyReader
{
    private const int ChunkLength = 1 << 26;

    /// <summary>Reads an array that the caller disposes.</summary>
    /// <exception cref="NpyException">The file is missing, not a <c>.npy</c> file, damaged, or of a type that has no counterpart.</exception>
    public static NpyArray Read(string path)
    {
        try
        {
            using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);
            return stream.CanSeek ? Read(stream, path) : throw new NpyException(path, "it is not a regular file; save the array to one.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NpyException(path, "there is no such file.");
        }
        catch (UnauthorizedAccessException) when (Directory.Exists(path))
        {
            throw new NpyException(path, "it is a folder; name a .npy file.");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NpyException(path, $"it cannot be read: {error.Message}");
        }
    }

    /// <summary>Reads an array from the stream's position to its end.</summary>
    /// <param name="stream">A stream that knows its length.</param>
    /// <param name="path">Its name in errors.</param>
    public static NpyArray Read(Stream stream, string path)
    {
        var header = NpyHeader.Read(stream, path);
        var byteLength = MeasureData(header, path);
        var available = (nuint)(stream.Length - stream.Position);
        if (byteLength != available)
        {
            throw new NpyException(path, $"an array of {header.Type.Description}{TensorShape.Format(header.Lengths)} takes {byteLength} bytes but {available} follow the header; save the array again.");
        }

        var buffer = new NativeBuffer(byteLength);
        try
        {
            Fill(stream, buffer, path);
            if (header.Type.IsBigEndian) NpyLayout.SwapBytes((byte*)buffer.Address, byteLength, header.Type.WordSize);
            if (header.IsFortranOrder && header.Lengths.Length > 1) buffer = Reorder(buffer, header);
            return new NpyArray(header.Type with { IsBigEndian = false }, header.Lengths, buffer, path);
        }
        catch
        {
            buffer.Dispose();
            throw;
        }
    }

    private static nuint MeasureData(NpyHeader header, string path)
    {
        if (TensorShape.TryGetElementCount(header.Lengths, out var count) && (ulong)count <= long.MaxValue / (ulong)Math.Max(1, header.Type.ItemSize))
        {
            // Without bytes the file's length bounds nothing.
            if (header.Type.ItemSize == 0 && count > 0) throw new NpyException(path, $"it holds {count} strings without room for a character; save it with a longer string type.");
            return (nuint)count * (nuint)header.Type.ItemSize;
        }

        throw new NpyException(path, $"its shape {TensorShape.Format(header.Lengths)} is too large.");
    }

    private static void Fill(Stream stream, NativeBuffer buffer, string path)
    {
        for (nuint at = 0; at < buffer.ByteLength;)
        {
            var chunk = new Span<byte>((byte*)buffer.Address + at, (int)nuint.Min(ChunkLength, buffer.ByteLength - at));
            var read = stream.Read(chunk);
            if (read == 0) throw new NpyException(path, "it became shorter while it was read.");
            at += (nuint)read;
        }
    }

    private static NativeBuffer Reorder(NativeBuffer buffer, NpyHeader header)
    {
        var reordered = new NativeBuffer(buffer.ByteLength);
        NpyLayout.FromFortranOrder((byte*)buffer.Address, (byte*)reordered.Address, header.Type.ItemSize, header.Lengths);
        buffer.Dispose();
        return reordered;
    }
}
