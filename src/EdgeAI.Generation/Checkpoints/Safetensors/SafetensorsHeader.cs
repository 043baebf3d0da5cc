using System.Buffers.Binary;
using System.Text.Json;
using EdgeAI.Onnx;

namespace EdgeAI.Generation;

/// <summary>
/// Reads the header of a safetensors file: its length in 8 bytes, JSON with type, shape and range of each tensor, then the data. As strict as the
/// format's own library: ranges are within the file, fit type and shape, and cover the data without gap or overlap.
/// </summary>
internal sealed class SafetensorsHeader
{
    private const int LengthBytes = 8;
    private const int MaxHeaderBytes = 100_000_000;
    private const int MaxDimensions = 16;
    private const string Metadata = "__metadata__";

    private readonly FileSource _file;
    private readonly string _subject;
    private readonly string _modelId;
    private readonly List<Entry> _entries = [];
    private long _dataStart;

    private SafetensorsHeader(FileSource file, string fileName, string modelId)
    {
        _file = file;
        _subject = $"'{Shown.Name(fileName)}'";
        _modelId = modelId;
    }

    /// <summary>The tensors of a file, in the order of its header.</summary>
    /// <exception cref="ModelLoadException">The file is not safetensors, is damaged, or a tensor's type is not supported.</exception>
    public static IReadOnlyList<FileWeight> Read(FileSource file, string fileName, string modelId)
    {
        var header = new SafetensorsHeader(file, fileName, modelId);
        header.Parse(header.ReadJson());
        header.CheckRanges();
        return [.. header._entries.Select(header.ToWeight)];
    }

    private byte[] ReadJson()
    {
        Span<byte> prefix = stackalloc byte[LengthBytes];
        if (_file.Read(0, prefix) < LengthBytes) throw Bad("has fewer than 8 bytes; it is not a safetensors file, or its download was cut off");
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        if (length > MaxHeaderBytes) throw Bad($"says that its header has {length} bytes; at most {MaxHeaderBytes} are allowed, so it is not a safetensors file");
        if ((long)length > _file.Length - LengthBytes) throw Bad($"says that its header has {length} bytes, but {_file.Length - LengthBytes} follow; its download was cut off");

        var json = new byte[length];
        if (_file.Read(LengthBytes, json) < json.Length) throw Bad("was shortened while it was read");
        _dataStart = LengthBytes + json.Length;
        return json;
    }

    private void Parse(byte[] json)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var names = new HashSet<string>(StringComparer.Ordinal);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject) throw Bad("has a header that is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                if (!names.Add(name)) throw Bad($"names the tensor '{Shown.Name(name)}' twice");
                reader.Read();
                if (name == Metadata) reader.Skip();
                else _entries.Add(ParseEntry(name, ref reader));
            }

            // Only blanks may follow: the reader throws for anything else.
            while (reader.Read()) { }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw Bad($"has a header that is not valid JSON: {error.Message}", error);
        }
    }

    private Entry ParseEntry(string name, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject) throw Bad($"describes the tensor '{Shown.Name(name)}' by something that is not an object");
        string? type = null;
        long[]? lengths = null, range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = reader.GetString();
            reader.Read();
            switch (field)
            {
                case "dtype":
                    type = type is null ? reader.GetString() : throw Twice(name, field);
                    break;
                case "shape":
                    lengths = lengths is null ? ParseNumbers(name, field, ref reader) : throw Twice(name, field);
                    break;
                case "data_offsets":
                    range = range is null ? ParseNumbers(name, field, ref reader) : throw Twice(name, field);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (type is null || lengths is null || range is not [var begin, var end]) throw Bad($"describes the tensor '{Shown.Name(name)}' without type, shape or a range of two numbers");
        return new(name, ParseType(name, type), lengths, begin, end);
    }

    private long[] ParseNumbers(string name, string field, ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw Bad($"has a {field} of tensor '{Shown.Name(name)}' that is not an array");
        var numbers = new List<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number) || number < 0) throw Bad($"has a {field} of tensor '{Shown.Name(name)}' with something that is not a number from 0 to 2^63 - 1");
            if (numbers.Count == MaxDimensions) throw Bad($"has a {field} of tensor '{Shown.Name(name)}' with more than {MaxDimensions} numbers");
            numbers.Add(number);
        }

        return [.. numbers];
    }

    private WeightFormat ParseType(string name, string type) => type switch
    {
        "F32" => WeightFormat.Float32,
        "F16" => WeightFormat.Float16,
        "BF16" => WeightFormat.BFloat16,
        _ => throw Bad($"has the tensor '{Shown.Name(name)}' of type '{Shown.Name(type)}'; supported are F32, F16 and BF16. Of a model quantised by other tools (GPTQ, AWQ, FP8) take the original"),
    };

    private void CheckRanges()
    {
        long expected = 0;
        foreach (var entry in _entries.OrderBy(entry => entry.Begin).ThenBy(entry => entry.End))
        {
            var subject = $"the tensor '{Shown.Name(entry.Name)}'";
            var available = _file.Length - _dataStart;
            if (entry.End < entry.Begin) throw Bad($"has {subject} at bytes {entry.Begin} to {entry.End}, which ends before it begins");
            if (entry.End > available) throw Bad($"has {subject} at bytes {entry.Begin} to {entry.End}, but only {available} bytes of data; its download was cut off");
            if (ByteLength(entry) != entry.End - entry.Begin) throw Bad($"has {subject} of shape {Shown.Lengths(entry.Lengths)} and type {entry.Format} in {entry.End - entry.Begin} bytes, which does not fit");
            if (entry.Begin < expected) throw Bad($"has {subject} at bytes {entry.Begin} to {entry.End}, which overlaps the tensor before it");
            if (entry.Begin > expected) throw Bad($"has {entry.Begin - expected} bytes before {subject} that belong to no tensor");
            expected = entry.End;
        }

        if (expected != _file.Length - _dataStart) throw Bad($"has {_file.Length - _dataStart - expected} bytes after its last tensor that belong to none");
    }

    /// <summary>Bytes that type and shape ask for; -1 where that is more than a file can have.</summary>
    private static long ByteLength(Entry entry)
    {
        UInt128 bytes = (UInt128)entry.Format.BlockBytes();
        if (entry.Lengths.Contains(0)) return 0;
        foreach (var length in entry.Lengths)
        {
            bytes *= (UInt128)length;
            if (bytes > long.MaxValue) return -1;
        }

        return (long)bytes;
    }

    private FileWeight ToWeight(Entry entry) => new(entry.Name, entry.Lengths, entry.Format, _file, _dataStart + entry.Begin);

    private ModelLoadException Twice(string name, string field) => Bad($"gives {field} of the tensor '{Shown.Name(name)}' twice");

    private ModelLoadException Bad(string what, Exception? cause = null) => new($"{_subject} {what}.", _modelId, cause);

    private sealed record Entry(string Name, WeightFormat Format, long[] Lengths, long Begin, long End);
}
