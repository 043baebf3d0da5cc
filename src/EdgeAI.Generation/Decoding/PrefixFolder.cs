using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EdgeAI.Generation;

/// <summary>
/// Keeps rows of prompts on disk, a file each, named by model, prompt and format. A file is written under another name, flushed and renamed, so that there is none that is half written;
/// one that is damaged all the same is deleted and counts as missing. Several processes may use a folder.
/// </summary>
/// <param name="folder">Made when something is first kept.</param>
/// <param name="fingerprint">The model's.</param>
/// <param name="rowBytes">Bytes of a row.</param>
internal sealed unsafe class PrefixFolder(string folder, byte[] fingerprint, long rowBytes)
{
    private const int Version = 1;
    private const int PieceBytes = 1 << 20;

    private static ReadOnlySpan<byte> Magic => "EDGEAIKV"u8;

    /// <summary>The rows of a prompt; <see langword="null"/> where there are none, or the file is damaged or cannot be read.</summary>
    public DeviceBuffer? TryRead(ReadOnlySpan<int> tokens)
    {
        var path = PathOf(tokens);
        if (!File.Exists(path)) return null;
        try
        {
            using (var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete))
            {
                if (Read(stream, tokens) is { } rows) return rows;
            }

            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It is computed instead.
        }

        return null;
    }

    /// <summary>Keeps the rows of a prompt.</summary>
    /// <exception cref="IOException">The disk is full, or the folder cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written to.</exception>
    public void Write(ReadOnlySpan<int> tokens, DeviceBuffer rows)
    {
        Directory.CreateDirectory(folder);
        var path = PathOf(tokens);
        var temporary = $"{path}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(temporary, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Put(Header(tokens.Length));
                Put(MemoryMarshal.AsBytes(tokens));
                for (var done = 0L; done < tokens.Length * rowBytes; done += PieceBytes) Put(Piece(rows, tokens.Length, done));
                stream.Write(hash.GetHashAndReset());
                stream.Flush(flushToDisk: true);

                void Put(ReadOnlySpan<byte> bytes)
                {
                    hash.AppendData(bytes);
                    stream.Write(bytes);
                }
            }

            File.Move(temporary, path, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    internal string PathOf(ReadOnlySpan<int> tokens)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Header(tokens.Length));
        hash.AppendData(MemoryMarshal.AsBytes(tokens));
        return Path.Join(folder, $"{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}.edgeaikv");
    }

    private NativeBuffer? Read(FileStream stream, ReadOnlySpan<int> tokens)
    {
        var header = Header(tokens.Length);
        var length = header.Length + (tokens.Length * (long)sizeof(int)) + (tokens.Length * rowBytes);
        if (stream.Length != length + SHA256.HashSizeInBytes) return null;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        if (!Get(new byte[header.Length]).SequenceEqual(header) || !Get(new byte[tokens.Length * sizeof(int)]).SequenceEqual(MemoryMarshal.AsBytes(tokens))) return null;
        var rows = new NativeBuffer((nuint)(tokens.Length * rowBytes));
        try
        {
            for (var done = 0L; done < tokens.Length * rowBytes; done += PieceBytes) Get(Piece(rows, tokens.Length, done));
            Span<byte> checksum = stackalloc byte[SHA256.HashSizeInBytes];
            stream.ReadExactly(checksum);
            if (hash.GetHashAndReset().AsSpan().SequenceEqual(checksum)) return rows;
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
        var header = new byte[Magic.Length + sizeof(int) + sizeof(int) + sizeof(long) + fingerprint.Length];
        Magic.CopyTo(header);
        var rest = header.AsSpan(Magic.Length);
        BinaryPrimitives.WriteInt32LittleEndian(rest, Version);
        BinaryPrimitives.WriteInt32LittleEndian(rest[4..], count);
        BinaryPrimitives.WriteInt64LittleEndian(rest[8..], rowBytes);
        fingerprint.CopyTo(rest[16..]);
        return header;
    }
}
