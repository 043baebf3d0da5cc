using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeAI.Generation;

/// <summary>
/// How rows of a prompt lie in a file: a header that names the format, the model and the size of a row, the tokens, the rows, and a SHA-256 of all that, so that nothing is used that is not
/// what was written. Thread-safe.
/// </summary>
/// <param name="fingerprint">The model's.</param>
/// <param name="rowBytes">Bytes of a row.</param>
internal sealed unsafe class PrefixFormat(byte[] fingerprint, long rowBytes)
{
    private const int Version = 1;
    private const int PieceBytes = 1 << 20;
    private const int NameBytes = 16;

    private readonly int _headerBytes = Magic.Length + sizeof(int) + sizeof(int) + sizeof(long) + fingerprint.Length;

    private static ReadOnlySpan<byte> Magic => "EDGEAIKV"u8;

    /// <summary>What the names of this model's files have in common.</summary>
    public string ModelName { get; } = Convert.ToHexStringLower(SHA256.HashData([.. fingerprint, .. BitConverter.GetBytes(rowBytes)]).AsSpan(0, NameBytes));

    /// <summary>A name for rows of these tokens.</summary>
    public string NameOf(ReadOnlySpan<int> tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Header(tokens.Length));
        hash.AppendData(MemoryMarshal.AsBytes(tokens));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, NameBytes));
    }

    /// <summary>Bytes of a file.</summary>
    public long LengthOf(int count) => _headerBytes + (count * (sizeof(int) + rowBytes)) + SHA256.HashSizeInBytes;

    public void Write(Stream stream, ReadOnlySpan<int> tokens, DeviceBuffer rows)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Put(Header(tokens.Length));
        Put(MemoryMarshal.AsBytes(tokens));
        for (var done = 0L; done < tokens.Length * rowBytes; done += PieceBytes) Put(Piece(rows, tokens.Length, done));
        stream.Write(hash.GetHashAndReset());

        void Put(ReadOnlySpan<byte> bytes)
        {
            hash.AppendData(bytes);
            stream.Write(bytes);
        }
    }

    /// <summary>Reads a file.</summary>
    /// <param name="stream">The file.</param>
    /// <param name="expected">The tokens that it must hold; empty for any.</param>
    /// <returns>Tokens and rows, which the caller disposes; <see langword="null"/> where it is not what <see cref="Write"/> wrote for this model.</returns>
    /// <exception cref="IOException">It cannot be read.</exception>
    public (int[] Tokens, NativeBuffer Rows)? Read(Stream stream, ReadOnlySpan<int> expected)
    {
        if (stream.Length < LengthOf(1)) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var header = Get(new byte[_headerBytes]);
        var count = BinaryPrimitives.ReadInt32LittleEndian(header[(Magic.Length + sizeof(int))..]);

        // Checked before anything is allocated by it.
        if (count < 1 || stream.Length != LengthOf(count) || !header.SequenceEqual(Header(count)) || (!expected.IsEmpty && count != expected.Length)) return null;
        var tokens = new int[count];
        Get(MemoryMarshal.AsBytes(tokens.AsSpan()));
        if (!expected.IsEmpty && !expected.SequenceEqual(tokens)) return null;
        var rows = new NativeBuffer((nuint)(count * rowBytes));
        try
        {
            for (var done = 0L; done < count * rowBytes; done += PieceBytes) Get(Piece(rows, count, done));
            Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
            stream.ReadExactly(checksum);
            if (hash.GetHashAndReset().AsSpan().SequenceEqual(checksum)) return (tokens, rows);
        }
        catch
        {
            rows.Dispose();
            throw;
        }

        rows.Dispose();
        return null;

        Span<byte> Get(Span<byte> destination)
        {
            stream.ReadExactly(destination);
            hash.AppendData(destination);
            return destination;
        }
    }

    private Span<byte> Piece(DeviceBuffer rows, int count, long done) => new((byte*)rows.Address + done, (int)Math.Min(PieceBytes, (count * rowBytes) - done));

    private byte[] Header(int count)
    {
        var header = new byte[_headerBytes];
        Magic.CopyTo(header);
        var rest = header.AsSpan(Magic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest, Version);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], count);
        BinaryPrimitives.WriteInt64LittleEndian(rest[8..], rowBytes);
        fingerprint.CopyTo(rest[16..]);
        return header;
    }
}
