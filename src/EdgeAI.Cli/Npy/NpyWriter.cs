using System.Text;

namespace EdgeAI.Cli.Npy;

/// <summary>Writes tensors as <c>.npy</c> files of version 1.0, little-endian, last axis fastest.</summary>
internal static unsafe class NpyWriter
{
    private const int ChunkLength = 1 << 26;

    /// <summary>Writes a file that appears whole or not at all.</summary>
    /// <param name="path">The file, replaced where it exists.</param>
    /// <param name="tensor">A tensor in host memory.</param>
    /// <exception cref="NpyException">The element type has no NumPy counterpart, or the file cannot be written.</exception>
    public static void Write(string path, TensorValue tensor)
    {
        try
        {
            WriteThenMove(path, tensor);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new NpyException(path, $"it cannot be written: {error.Message}");
        }
    }

    /// <summary>Writes to a stream.</summary>
    /// <param name="stream">Where to.</param>
    /// <param name="tensor">A tensor in host memory.</param>
    /// <param name="path">The stream's name in errors.</param>
    public static void Write(Stream stream, TensorValue tensor, string path)
    {
        if (tensor.ElementType == TensorElementType.String) WriteStrings(stream, tensor);
        else WriteNumbers(stream, tensor, path);
    }

    private static void WriteThenMove(string path, TensorValue tensor)
    {
        var temporary = $"{path}.{Environment.ProcessId}.tmp";
        using var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None);
        try
        {
            Write(stream, tensor, path);
            stream.Close();
            File.Move(temporary, path, overwrite: true);
        }
        catch
        {
            stream.Close();
            File.Delete(temporary);
            throw;
        }
    }

    private static void WriteNumbers(Stream stream, TensorValue tensor, string path)
    {
        var type = NpyType.For(tensor.ElementType)
            ?? throw new NpyException(path, $"NumPy has no counterpart of {tensor.ElementType.ToName()}; add a Cast to a wider type to the model.");
        stream.Write(new NpyHeader(type, IsFortranOrder: false, tensor.Lengths.ToArray()).ToBytes());

        var byteLength = tensor.ElementType.ByteLength(tensor.ElementCount);
        for (nuint at = 0; at < byteLength; at += ChunkLength)
        {
            stream.Write(new ReadOnlySpan<byte>((byte*)tensor.Buffer.Address + at, (int)nuint.Min(ChunkLength, byteLength - at)));
        }
    }

    // NumPy pads every string to the longest with NUL characters, and has no strings of size 0.
    private static void WriteStrings(Stream stream, TensorValue tensor)
    {
        var encoded = tensor.AsStrings().ToArray().Select(Encoding.UTF32.GetBytes).ToArray();
        var itemSize = encoded.Select(item => item.Length).Append(4).Max();
        stream.Write(new NpyHeader(new NpyType('U', itemSize), IsFortranOrder: false, tensor.Lengths.ToArray()).ToBytes());
        var padding = new byte[itemSize];
        foreach (var item in encoded)
        {
            stream.Write(item);
            stream.Write(padding.AsSpan(item.Length));
        }
    }
}
