using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;

namespace EdgeAI.Generation.Tests;

/// <summary>Writes safetensors files.</summary>
internal sealed class SafetensorsFile
{
    private readonly JsonObject _header = new() { ["__metadata__"] = new JsonObject { ["format"] = "pt" } };
    private readonly ArrayBufferWriter<byte> _data = new();

    /// <summary>Adds a tensor of floats, rounded to the format's precision.</summary>
    public SafetensorsFile Add(string name, ReadOnlySpan<float> values, long[] lengths, WeightFormat format = WeightFormat.Float32) => format switch
    {
        WeightFormat.Float32 => Add(name, "F32", MemoryMarshal.AsBytes(values), lengths),
        WeightFormat.Float16 => Add(name, "F16", MemoryMarshal.AsBytes<Half>([.. values.ToArray().Select(value => (Half)value)]), lengths),
        WeightFormat.BFloat16 => Add(name, "BF16", MemoryMarshal.AsBytes<ushort>([.. values.ToArray().Select(value => ((BFloat16)value).ToBits())]), lengths),
        _ => throw new ArgumentOutOfRangeException(nameof(format)),
    };

    /// <summary>Adds a tensor as it stands, right or wrong.</summary>
    public SafetensorsFile Add(string name, string type, ReadOnlySpan<byte> data, long[] lengths)
    {
        long begin = _data.WrittenCount;
        _data.Write(data);
        _header.Add(name, Entry(type, lengths, begin, _data.WrittenCount));
        return this;
    }

    public byte[] ToBytes() => Assemble(_header.ToJsonString(), _data.WrittenSpan);

    /// <summary>A file with any header.</summary>
    public static byte[] Assemble(string header, ReadOnlySpan<byte> data, ulong? headerLength = null)
    {
        var json = System.Text.Encoding.UTF8.GetBytes(header);
        var bytes = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, headerLength ?? (ulong)json.Length);
        json.CopyTo(bytes, 8);
        data.CopyTo(bytes.AsSpan(8 + json.Length));
        return bytes;
    }

    private static JsonObject Entry(string type, long[] lengths, long begin, long end) => new()
    {
        ["dtype"] = type,
        ["shape"] = new JsonArray([.. lengths.Select(length => JsonValue.Create(length))]),
        ["data_offsets"] = new JsonArray(begin, end),
    };
}
