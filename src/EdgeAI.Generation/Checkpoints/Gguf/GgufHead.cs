using System.Numerics;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// The head of a GGUF file, version 2 or 3: metadata and the table of tensors, whose ranges are checked to lie within the file and apart. See ggml's
/// <c>docs/gguf.md</c>. Immutable.
/// </summary>
internal sealed class GgufHead
{
    private const uint Magic = 0x46554747;
    private const uint DefaultAlignment = 32;
    private const int MaxKeyLength = 65535;
    private const int MaxDimensions = 4;
    private const string AlignmentKey = "general.alignment";

    private GgufHead(GgufMetadata metadata, IReadOnlyList<FileWeight> tensors)
    {
        Metadata = metadata;
        Tensors = tensors;
    }

    public GgufMetadata Metadata { get; }

    /// <summary>The tensors, by the names of the file.</summary>
    public IReadOnlyList<FileWeight> Tensors { get; }

    /// <summary>Reads the head.</summary>
    /// <exception cref="ModelLoadException">The file is not GGUF, is damaged, or has a tensor of a type that is not supported.</exception>
    public static GgufHead Read(FileSource file, string modelId)
    {
        var cursor = new GgufCursor(file, modelId);
        CheckVersion(cursor);
        var (tensorCount, valueCount) = (cursor.ReadUInt64(), cursor.ReadUInt64());
        var metadata = new GgufMetadata(ReadMetadata(cursor, valueCount), modelId);
        var entries = ReadTable(cursor, tensorCount);
        var alignment = ReadAlignment(metadata, cursor);
        var start = AlignUp(cursor.Position, alignment);
        CheckRanges(entries, start, file.Length, alignment, cursor);
        return new(metadata, [.. entries.Select(entry => new FileWeight(entry.Name, entry.Lengths, entry.Format, file, start + entry.Offset))]);
    }

    private static void CheckVersion(GgufCursor cursor)
    {
        if (cursor.ReadUInt32() != Magic) throw cursor.Bad("does not begin with GGUF: it is something else");
        var version = cursor.ReadUInt32();
        if (version is 2 or 3) return;
        throw cursor.Bad(BitConverter.IsLittleEndian && (version & 0xFFFF) == 0 ? "is big-endian, which is not supported" : $"has version {version}; supported are 2 and 3");
    }

    private static Dictionary<string, object> ReadMetadata(GgufCursor cursor, ulong count)
    {
        var values = new Dictionary<string, object>(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            var key = cursor.ReadString();
            if (key.Length > MaxKeyLength) throw cursor.Bad($"has a key of {key.Length} characters");
            if (!values.TryAdd(key, GgufValues.Read(cursor, key))) throw cursor.Bad($"has the metadata '{Shown.Name(key)}' twice");
        }

        return values;
    }

    private static List<Entry> ReadTable(GgufCursor cursor, ulong count)
    {
        var entries = new List<Entry>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (ulong i = 0; i < count; i++)
        {
            var name = cursor.ReadString();
            if (!names.Add(name)) throw cursor.Bad($"has the tensor '{Shown.Name(name)}' twice");
            var lengths = ReadLengths(cursor, name);
            var type = cursor.ReadUInt32();
            var format = GgufTensorType.ToFormat(type)
                ?? throw cursor.Bad($"has the tensor '{Shown.Name(name)}' of type {GgufTensorType.NameOf(type)}; supported are F32, F16, BF16, Q4_0, Q4_1, Q5_0, Q5_1, Q8_0, Q2_K, Q3_K, Q4_K, Q5_K, Q6_K, IQ4_NL and IQ4_XS");
            var offset = cursor.ReadUInt64();
            entries.Add(new(name, lengths, format, (long)ulong.Min(offset, long.MaxValue), ByteLength(name, lengths, format, cursor)));
        }

        return entries;
    }

    /// <summary>The file has the innermost length first; ours is last.</summary>
    private static long[] ReadLengths(GgufCursor cursor, string name)
    {
        var dimensions = cursor.ReadUInt32();
        if (dimensions > MaxDimensions) throw cursor.Bad($"has the tensor '{Shown.Name(name)}' of {dimensions} dimensions; at most {MaxDimensions} are allowed");
        var lengths = new long[dimensions];
        for (var i = lengths.Length - 1; i >= 0; i--)
        {
            var length = cursor.ReadUInt64();
            lengths[i] = length is > 0 and <= long.MaxValue ? (long)length : throw cursor.Bad($"has the tensor '{Shown.Name(name)}' with a length of {length}");
        }

        return lengths;
    }

    private static long ByteLength(string name, long[] lengths, WeightFormat format, GgufCursor cursor)
    {
        UInt128 values = 1;
        foreach (var length in lengths)
        {
            values *= (UInt128)length;
            if (values > long.MaxValue / 4) throw cursor.Bad($"has the tensor '{Shown.Name(name)}' of shape {Shown.Lengths(lengths)}, more than a file can hold");
        }

        var row = lengths is [.., var last] ? last : 1;
        if (row % format.BlockLength() != 0) throw cursor.Bad($"has the tensor '{Shown.Name(name)}' with rows of {row} values, which are no whole blocks of {format.BlockLength()} ({format})");
        return format.ByteLength((long)values);
    }

    private static long ReadAlignment(GgufMetadata metadata, GgufCursor cursor)
    {
        var alignment = metadata.Contains(AlignmentKey) ? (uint)metadata.RequireCount(AlignmentKey) : DefaultAlignment;
        return BitOperations.IsPow2(alignment) && alignment <= 1 << 20 ? alignment : throw cursor.Bad($"asks for an alignment of {alignment} bytes, which is not a power of two up to a megabyte");
    }

    private static void CheckRanges(List<Entry> entries, long start, long fileLength, long alignment, GgufCursor cursor)
    {
        long previousEnd = 0;
        foreach (var entry in entries.OrderBy(entry => entry.Offset))
        {
            var subject = $"the tensor '{Shown.Name(entry.Name)}'";
            if (entry.Offset > fileLength - start || entry.ByteLength > fileLength - start - entry.Offset)
            {
                throw cursor.Bad($"has {subject} of {entry.ByteLength} bytes at byte {entry.Offset} of its data, of which it has {long.Max(0, fileLength - start)}; its download was cut off");
            }

            if (entry.Offset % alignment != 0) throw cursor.Bad($"has {subject} at byte {entry.Offset} of its data, which is not aligned to {alignment}");
            if (entry.Offset < previousEnd) throw cursor.Bad($"has {subject} at byte {entry.Offset} of its data, which overlaps the tensor before it");
            previousEnd = entry.Offset + entry.ByteLength;
        }
    }

    private static long AlignUp(long position, long alignment) => (position + alignment - 1) / alignment * alignment;

    private sealed record Entry(string Name, long[] Lengths, WeightFormat Format, long Offset, long ByteLength);
}
